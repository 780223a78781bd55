/** Words of the reference pages, in both languages. */
import type { Locale } from '../../../schema/states';

const en = {
  title: 'API reference',
  lead: 'Messages to 200+ countries over one HTTPS API: JSON in UTF-8, numbers in E.164, times in ISO 8601, money as exact decimal text in EUR.',
  key: 'Key',
  secret: 'Secret',
  credentials: 'Your key',
  credentialsHelp:
    'Used by the calls that you try out and by the samples that you copy. It stays in this tab. A test key sends to nobody and costs nothing.',
  tryOut: 'Try it out',
  send: 'Send the request',
  body: 'Body',
  parameters: 'Parameters',
  answers: 'Answers',
  answer: 'Answer',
  fields: 'Fields of the answer',
  required: 'required',
  errors: 'Error codes',
  errorsLead: 'Codes are stable; texts follow the language of the request. The `type` of a problem document leads here.',
  copy: 'Copy',
  copied: 'Copied',
  pages: 'Reference',
  language: 'Language',
  contents: 'Contents',
  skip: 'To the text',
  guides: 'Guide',
  result: 'Result',
  code: 'Code',
  meaning: 'Meaning',
};
export type Words = Readonly<Record<keyof typeof en, string>>;

const zh: Words = {
  title: 'API 文档',
  lead: '通过一套 HTTPS API 向 200 多个国家和地区发送短信：UTF-8 编码的 JSON，号码用 E.164，时间用 ISO 8601，金额为以欧元计的精确十进制文本。',
  key: 'Key',
  secret: '密钥',
  credentials: '您的 Key',
  credentialsHelp: '用于在线调试和复制的示例代码，只保存在当前标签页。测试 Key 不会真正发送，也不计费。',
  tryOut: '在线调试',
  send: '发送请求',
  body: '请求体',
  parameters: '参数',
  answers: '响应',
  answer: '响应',
  fields: '响应字段',
  required: '必填',
  errors: '错误码',
  errorsLead: '错误码固定不变，文字随请求的语言变化。错误响应中的 `type` 指向本页。',
  copy: '复制',
  copied: '已复制',
  pages: '文档',
  language: '语言',
  contents: '目录',
  skip: '跳到正文',
  guides: '指南',
  result: '结果',
  code: '代码',
  meaning: '含义',
};

export const docsWords = (locale: Locale): Words => (locale === 'en' ? en : zh);

/** Groups of calls, as the document names them. */
const TAGS: Readonly<Record<string, string>> = {
  Messages: '短信',
  Account: '账户与估价',
  Tasks: '上传与任务',
  Reports: '报告',
  Exports: '导出',
  Blacklist: '黑名单',
  Webhooks: 'Webhook',
  Reference: '文档',
  'Original JMC': '原 JMC 接口',
  'Vonage-compatible': 'Vonage 兼容接口',
};
export const tagName = (tag: string, locale: Locale): string => (locale === 'en' ? tag : (TAGS[tag] ?? tag));
