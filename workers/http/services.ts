/** The console's verbs, bound to the gateways of one isolate. */
import type { ConsoleServices } from '../../schema/console';
import { cancelExport } from '../exports/cancel';
import { fetchExport } from '../exports/download';
import { repeatExport } from '../exports/repeat';
import { startExport } from '../exports/start';
import { listExports, listExportUsers, readExport } from '../exports/view';
import type { Gateways } from '../gateways';
import { countNewNotices } from '../gateways/stores/notices';
import { readReport, reportNames } from '../messages/report';
import { readReportPicture } from '../messages/report-picture';
import { readMessage, searchMessages } from '../messages/search';
import { readHome } from '../tenancy/home';
import { applyForApproval, listApprovals, readApprovalFile, showApproval, withdrawApproval } from '../tenancy/approvals';
import { balance } from '../tenancy/balance';
import { readLedger } from '../tenancy/ledger';
import { changePassword } from '../tenancy/change-password';
import { forgotPassword } from '../tenancy/forgot-password';
import { readNotices } from '../tenancy/notices';
import { changeOwnUser, inviteUser, ownUsers, renewOwnUser } from '../tenancy/own-users';
import { profile } from '../tenancy/profile';
import { resendCode } from '../tenancy/resend-code';
import { resetPassword } from '../tenancy/reset-password';
import { revokeSession } from '../tenancy/revoke-session';
import { setPreferences } from '../tenancy/set-preferences';
import { signIn } from '../tenancy/sign-in';
import { signInCode } from '../tenancy/sign-in-code';
import { signOut } from '../tenancy/sign-out';
import { actOnTask } from '../tasks/act-on-task';
import { completeUpload } from '../tasks/complete-upload';
import { confirmTask } from '../tasks/confirm-task';
import { createTask } from '../tasks/create-task';
import { createUpload } from '../tasks/create-upload';
import { editTask } from '../tasks/edit-task';
import { listLegacyTasks } from '../tasks/list-legacy-tasks';
import { listTasks } from '../tasks/list-tasks';
import { taskExceptionRows } from '../tasks/task-exceptions';
import { taskReasons } from '../tasks/task-reasons';
import { taskExceptionsFile } from '../tasks/task-exceptions-file';
import { measure, taskFormOptions } from '../tasks/task-form';
import { contentFaults } from '../tasks/task-content';
import { showTask } from '../tasks/task-view';
import { uploadPart } from '../tasks/upload-part';
import { uploadTemplate } from '../tasks/upload-template';
import { showUpload } from '../tasks/upload-view';
import { bindBlacklist, bindKeys } from './key-services';
import { bindTemplates } from './template-services';
import { bindWebhooks } from './webhook-services';

const NOTICES_A_PAGE = 20;

/** Bound once for each set of gateways: a receipt must not pay for forty closures that it never calls. */
const bound = new WeakMap<Gateways, ConsoleServices>();

export function bindServices(gateways: Gateways): ConsoleServices {
  const before = bound.get(gateways);
  if (before) return before;
  const services = bind(gateways);
  bound.set(gateways, services);
  return services;
}

function bind(gateways: Gateways): ConsoleServices {
  return {
    signIn: (visitor, login, password) => signIn(gateways, visitor, login, password, Date.now()),
    signInCode: (visitor, challenge, code) => signInCode(gateways, visitor, challenge, code, Date.now()),
    resendCode: (visitor, challenge) => resendCode(gateways, visitor, challenge, Date.now()),
    forgotPassword: (visitor, login) => forgotPassword(gateways, visitor, login, Date.now()),
    resetPassword: (visitor, challenge, code, password) => resetPassword(gateways, visitor, challenge, code, password, Date.now()),
    signOut: (actor) => signOut(gateways, actor, Date.now()),
    changePassword: (actor, oldPassword, password) => changePassword(gateways, actor, oldPassword, password, Date.now()),
    setPreferences: (actor, preferences) => setPreferences(gateways, actor, preferences),
    profile: (actor) => profile(gateways, actor, Date.now()),
    revokeSession: (actor, session) => revokeSession(gateways, actor, session, Date.now()),
    colleagues: (actor) => gateways.tenant(actor.tenant).users(),
    balance: (actor) => balance(gateways, actor),
    ledger: (actor, cursor) => readLedger(gateways, actor.tenant, cursor),
    home: (actor) => readHome(gateways, actor),
    notices: (actor, cursor) => readNotices(gateways, actor, cursor, NOTICES_A_PAGE),
    newNotices: (actor) => countNewNotices(gateways.database, actor.tenant, actor.user),
    users: (actor) => ownUsers(gateways, actor),
    inviteUser: (actor, form) => inviteUser(gateways, actor, form, Date.now()),
    changeUser: (actor, id, form) => changeOwnUser(gateways, actor, id, form, Date.now()),
    renewPassword: (actor, id) => renewOwnUser(gateways, actor, id, Date.now()),
    approvals: (actor, wish, cursor) => listApprovals(gateways, { ...wish, tenant: actor.tenant }, cursor),
    approval: (actor, id) => showApproval(gateways, actor.tenant, id),
    applyForApproval: (actor, form) => applyForApproval(gateways, actor, form, Date.now()),
    withdrawApproval: (actor, id) => withdrawApproval(gateways, actor, id, Date.now()),
    approvalFile: (actor, id, n) => readApprovalFile(gateways, actor.tenant, id, n),
    taskFormOptions: (actor) => taskFormOptions(gateways, actor),
    createUpload: (actor, file) => createUpload(gateways, actor, file),
    upload: (actor, id) => showUpload(gateways, actor, id),
    uploadPart: (actor, id, part, body, length) => uploadPart(gateways, actor, id, part, body, length),
    completeUpload: (actor, id) => completeUpload(gateways, actor, id),
    taskFaults: (actor, content) => contentFaults(gateways, actor, content),
    createTask: (actor, content) => createTask(gateways, actor, content),
    editTask: (actor, id, content) => editTask(gateways, actor, id, content),
    task: (actor, id) => showTask(gateways, actor, id),
    tasks: (actor, filter) => listTasks(gateways, actor, filter),
    legacyTasks: (actor, filter) => listLegacyTasks(gateways, actor, filter),
    confirmTask: (actor, id, startsAt) => confirmTask(gateways, actor, id, startsAt),
    actOnTask: (actor, id, action) => actOnTask(gateways, actor, id, action),
    taskExceptions: (actor, id) => taskExceptionsFile(gateways, actor, id),
    taskReasons: (actor, id) => taskReasons(gateways, actor, id),
    taskExceptionRows: (actor, id, limit) => taskExceptionRows(gateways, actor, id, limit),
    uploadTemplate: (format, locale) => uploadTemplate(format, locale),
    measure: (text, type) => measure(text, type),
    log: (actor, filter, cursor, limit, dataset) => searchMessages(gateways, actor, filter, cursor, limit, dataset),
    message: (actor, id) => readMessage(gateways, actor, id),
    report: (actor, filter, groupBy) => readReport(gateways, actor, filter, groupBy),
    reportPicture: (actor, filter, groupBy) => readReportPicture(gateways, actor, filter, groupBy),
    reportNames: (actor) => reportNames(gateways, actor),
    startExport: (actor, request) => startExport(gateways, actor, request),
    exports: (actor, filter, cursor) => listExports(gateways, actor, filter, cursor),
    exportUsers: (actor) => listExportUsers(gateways, actor),
    export: (actor, id) => readExport(gateways, actor, id),
    cancelExport: (actor, id) => cancelExport(gateways, actor, id),
    repeatExport: (actor, id) => repeatExport(gateways, actor, id),
    exportFile: (actor, id, range, ifRange) => fetchExport(gateways, actor, id, range, ifRange ?? null),
    webhooks: bindWebhooks(gateways),
    templates: bindTemplates(gateways),
    keys: bindKeys(gateways),
    blacklist: bindBlacklist(gateways),
  };
}
