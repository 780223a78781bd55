/** What states are called in files, in the words that the console uses. */
import type { Locale, MessageState, TaskState } from '../../schema/states';

type Names<State extends string> = Readonly<Record<State, Readonly<Record<Locale, string>>>>;

const MESSAGE_STATE_NAMES: Names<MessageState> = {
  accepted: { 'zh-CN': '已接收', en: 'Accepted' },
  queued: { 'zh-CN': '排队中', en: 'Queued' },
  submitted: { 'zh-CN': '已提交', en: 'Submitted' },
  delivered: { 'zh-CN': '已送达', en: 'Delivered' },
  failed: { 'zh-CN': '失败', en: 'Failed' },
  expired: { 'zh-CN': '已过期', en: 'Expired' },
  rejected: { 'zh-CN': '被拒绝', en: 'Rejected' },
  unknown: { 'zh-CN': '未知', en: 'Unknown' },
  blocked: { 'zh-CN': '已拦截', en: 'Blocked' },
  cancelled: { 'zh-CN': '已取消', en: 'Cancelled' },
};

const TASK_STATE_NAMES: Names<TaskState> = {
  draft: { 'zh-CN': '草稿', en: 'Draft' },
  checking: { 'zh-CN': '核对中', en: 'Checking' },
  checked: { 'zh-CN': '待确认', en: 'To be confirmed' },
  scheduled: { 'zh-CN': '定时待发', en: 'Scheduled' },
  running: { 'zh-CN': '发送中', en: 'Sending' },
  paused: { 'zh-CN': '已暂停', en: 'Paused' },
  stopping: { 'zh-CN': '停止中', en: 'Stopping' },
  finished: { 'zh-CN': '已完成', en: 'Finished' },
  stopped: { 'zh-CN': '已停止', en: 'Stopped' },
  cancelled: { 'zh-CN': '已取消', en: 'Cancelled' },
  refused: { 'zh-CN': '文件无法读取', en: 'File refused' },
};

export const messageStateName = (state: MessageState, locale: Locale): string => MESSAGE_STATE_NAMES[state][locale];
export const taskStateName = (state: TaskState, locale: Locale): string => TASK_STATE_NAMES[state][locale];
