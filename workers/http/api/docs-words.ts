/** Words of the reference pages, in both languages. */
import type { Locale } from '../../../schema/states';
import type { Words } from './docs-shell';

const WORDS: Readonly<Record<Locale, Words>> = {
  en: {
    title: 'API reference',
    intro:
      'Every call names its key: <code>Authorization: Bearer &lt;key&gt;:&lt;secret&gt;</code> or Basic. Bodies are JSON in UTF-8. Test keys send to nobody and cost nothing.',
    key: 'Key',
    secret: 'Secret',
    tryOut: 'Try it out',
    send: 'Send',
    body: 'Body',
    parameters: 'Parameters',
    answers: 'Answers',
    required: 'required',
    errors: 'Errors',
  },
  'zh-CN': {
    title: 'API 文档',
    intro:
      '每次调用都要带上 Key：<code>Authorization: Bearer &lt;key&gt;:&lt;secret&gt;</code>，或使用 Basic 认证。请求体为 UTF-8 编码的 JSON。测试 Key 不会真正发送，也不计费。',
    key: 'Key',
    secret: '密钥',
    tryOut: '在线调试',
    send: '发送请求',
    body: '请求体',
    parameters: '参数',
    answers: '响应',
    required: '必填',
    errors: '错误码',
  },
};

export const docsWords = (locale: Locale): Words => WORDS[locale];
