/** Every call of v1, in the order of the reference page. */
import { ACCOUNT_OPERATIONS } from './account';
import { BLACKLIST_OPERATIONS } from './blacklist';
import { EXPORT_OPERATIONS } from './exports';
import { MESSAGE_OPERATIONS } from './messages';
import type { Operation } from './operation';
import { OPT_OUT_OPERATIONS } from './opt-out-reply';
import { REPORT_OPERATIONS } from './reports';
import { TASK_OPERATIONS } from './tasks';
import { UPLOAD_OPERATIONS } from './uploads';
import { WEBHOOK_OPERATIONS } from './webhooks';

export const OPERATIONS: readonly Operation[] = [
  ...MESSAGE_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...UPLOAD_OPERATIONS,
  ...TASK_OPERATIONS,
  ...REPORT_OPERATIONS,
  ...EXPORT_OPERATIONS,
  ...BLACKLIST_OPERATIONS,
  ...OPT_OUT_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
];
