/**
 * The reference in Chinese: what the OpenAPI document says in English, sentence by sentence. The document itself stays English, as tools expect.
 * A test holds the two together: every description stands here, and nothing else does.
 */
const CHINESE: Readonly<Record<string, string>> = {
  // Messages
  'Each recipient is a token of the rate and a message of its own. Recipients that are no numbers, have no price or lack a variable are in `rejected`; those on the blacklist or over a cap are logged as `blocked` and cost nothing. All others are safe when this answers.':
    '每个收件人占用一个限速令牌，单独成为一条短信。号码无效、没有价格或缺少变量的收件人列在 `rejected` 中；在黑名单中或超出上限的记为 `blocked`，不计费。其余短信在返回时均已可靠保存。',
  'The same request with the same key has the same answer for 24 hours (`Idempotency-Replayed: true`).':
    '24 小时内用相同的值重复同一请求，返回相同的结果（带 `Idempotency-Replayed: true`），不会重复发送。',
  'Accepted.': '已受理。',
  'Part of it.': '名称中包含的文字。',
  'Id of a user of the console, or of a key: whose tasks the messages are of.': '控制台用户或 Key 的 ID：短信所属任务的创建者。',
  'A number with its country code; `+`, `00` and separators are accepted.': '带国家代码的号码；可以带 `+`、`00` 和分隔符。',
  'One or several, with commas.': '一个或多个，用逗号分隔。',
  'ISO 8601 with an offset.': 'ISO 8601 格式，带时区偏移。',
  'Exclusive.': '不含该时刻。',
  'Rows of a page, up to 200.': '每页条数，最多 200。',
  '`cursor` of the page before.': '上一页返回的 `cursor`。',
  'One page, newest first.': '一页数据，最新的在前。',
  'The message as it stands.': '短信的当前状态。',
  'Cancelled; it costs nothing.': '已取消，不计费。',
  'What the recipient sees as the caller: up to 11 letters and digits, or up to 15 digits.':
    '收件人看到的发送方：最多 11 位字母数字，或最多 15 位数字。',
  'Sent as given, up to 3,200 characters. If any recipient brings `variables`, it is a template: `{{name}}` is filled from those of each recipient.':
    '按原样发送，最多 3,200 个字符。只要有收件人带 `variables`，内容即为模板：`{{name}}` 用各收件人的变量替换。',
  'In place of `text`.': '用模板代替 `text`。',
  'One number, or up to 1000 of them, each alone or with its variables and reference.':
    '一个号码，或最多 1000 个；每个可以只写号码，也可以带变量和自定义编号。',
  '`auto` takes GSM-7 where it can carry the text and UCS-2 else; `text` forces GSM-7, `unicode` UCS-2.':
    '`auto`：GSM-7 能承载时用 GSM-7，否则用 UCS-2；`text` 强制 GSM-7，`unicode` 强制 UCS-2。',
  'When to send, up to 30 days ahead; until then it can be cancelled.': '发送时间，最多提前 30 天；到时间之前可以取消。',
  'Where receipts go instead of the endpoints of the key: http or https, without credentials.':
    '状态报告推送到此地址，不再推送到已配置的 Webhook：http 或 https，不含用户名和密码。',
  'For recipients that have none of their own.': '用于没有单独编号的收件人。',
  'How long the carrier tries, seconds; 72 hours where nothing is said.': '运营商尝试投递的时长，单位秒；默认 72 小时。',
  'Your own reference; comes back with the message and its receipts.': '您自己的编号，会随短信和状态报告返回。',
  'In the order of `to`, without those rejected.': '顺序与 `to` 一致，不含被拒绝的收件人。',
  'As given.': '与请求中的写法相同。',
  'Recipients that no message was made for.': '未生成短信的收件人。',
  'E.164.': 'E.164 格式。',
  'Why it is blocked. A blocked message is logged and costs nothing.': '被拦截的原因。被拦截的短信会记入日志，不计费。',
  'Decimal text, exact.': '十进制文本，精确值。',
  'Of the next page; null on the last one.': '下一页的游标；最后一页为 null。',
  'Stable; all of them are listed in docs/errors.md.': '固定不变；全部错误码见“错误码”页面。',
  'RFC 9457.': 'RFC 9457 格式。',
  // Account
  'To the part and the cent what sending would take. Variables are not filled.': '与实际发送的计费条数和费用完全一致。不替换变量。',
  'What it would cost.': '预计费用。',
  'Of the whole message; null when it cannot be sent.': '整条短信的价格；无法发送时为 null。',
  'The balance.': '余额。',
  'Held for tasks and for requests on their way.': '任务和处理中的请求所冻结的金额。',
  // Uploads and tasks
  'csv, txt, xlsx or their .gz. Send its parts, then complete it.': '支持 csv、txt、xlsx 及其 .gz。先上传各分片，再确认完成。',
  'Bytes of the whole file.': '整个文件的字节数。',
  'Every part has this size but the last.': '除最后一个外，每个分片都是这个大小。',
  'Numbers of the parts that are safely stored, from 1.': '已保存的分片编号，从 1 开始。',
  'Begun.': '已开始。',
  'The upload.': '该上传。',
  'Its file is then checked in the background; nothing is sent before it is confirmed. For marketing keys.':
    '创建后在后台检查文件；确认之前不会发送任何短信。仅限营销 Key。',
  'Made.': '已创建。',
  'ISO 3166-1 alpha-2.': 'ISO 3166-1 两位字母代码。',
  'A finished upload. Its first column holds the numbers, the others are variables.': '已完成的上传。第一列为号码，其余列为变量。',
  'Without effect: what the blacklist of the key holds is always left out.': '不起作用：该 Key 黑名单中的号码始终剔除。',
  'The task as it stands.': '任务的当前状态。',
  'What the task allows now.': '任务当前允许的操作。',
  'Why its file could not be read.': '文件无法读取的原因。',
  'An estimate until the task has ended.': '任务结束前为预估值。',
  'null = now.': 'null 表示立即。',
  // Reports
  'Exact counts of the log as it stands, late receipts included. To have all rows as a file, export them.':
    '按日志当前状态精确统计，包含迟到的状态报告。需要全部数据时请导出文件。',
  'Where it is not given: 30 days before the end.': '未填写时为结束时间之前 30 天。',
  'Exclusive; now, where it is not given. At most 1100 days after the beginning, 31 by hour. Totals are kept by hour: an hour counts where it begins.':
    '不含该时刻；未填写时为当前时间。时间跨度最多 1100 天，按小时统计时最多 31 天。数据按小时汇总，以该小时的开始时间为准。',
  'One, or two with a comma.': '一个，或用逗号分隔的两个。',
  'Id of a user; `api` = messages that keys sent without a task.': '用户 ID；`api` 表示不属于任何任务、由 Key 直接发送的短信。',
  'The sender.': '发送方 From。',
  'IANA zone of the days.': '划分日期所用的 IANA 时区。',
  'The report.': '报告。',
  'By time where it is grouped by day or hour, else the largest first. At most 10000.':
    '按天或小时分组时按时间排序，否则数量多的在前。最多 10000 行。',
  'Every message of the log: delivered + failed + pending + held.': '日志中的全部短信：delivered + failed + pending + held。',
  'Taken by the carrier.': '运营商已接收。',
  'failed, expired, rejected or unknown.': '状态为 failed、expired、rejected 或 unknown。',
  'accepted, queued or submitted.': '状态为 accepted、queued 或 submitted。',
  'blocked or cancelled.': '状态为 blocked 或 cancelled。',
  'delivered ÷ sent; null when nothing was sent.': 'delivered ÷ sent；没有发送时为 null。',
  'Of messages that are not free.': '计费短信的条数。',
  'Rows beyond that; `sum` counts them.': '超出部分的行数；`sum` 已包含这些行。',
  'YYYY-MM-DD in `time_zone`.': '`time_zone` 时区下的 YYYY-MM-DD。',
  'When the hour began.': '该小时的开始时间。',
  'What it was not grouped by is null.': '未用于分组的字段为 null。',
  // Exports
  'A byte order mark in front of a csv, for Excel.': '在 csv 开头加 BOM，便于 Excel 打开。',
  'The export as it stands.': '导出的当前状态。',
  'The file.': '文件。',
  'The part that `Range` names.': '`Range` 指定的部分。',
  // Blacklist
  'The blacklist.': '黑名单。',
  'One page.': '一页数据。',
  'In the order of the numbers.': '按号码顺序排列。',
  'How many were new.': '新增的数量。',
  'How many were there.': '移除的数量。',
  'The reply; null = none.': '回复内容；null 表示不回复。',
  'For the whole tenant, sent as a message of the key that sets it, from the number that was written to, at the usual price. Only to a number that was not on the blacklist before, and at most once a day. Nothing is answered unless this was set.':
    '对整个客户生效，作为设置它的 Key 的短信，由用户回复的号码发出，按正常价格计费。仅回复此前不在黑名单中的号码，每天最多一次。未设置时不回复。',
  'The reply as it stands.': '当前的回复内容。',
  'The key whose message the reply is; null without a reply.': '发送回复的 Key；不回复时为 null。',
  'null = no reply. At most 3,200 characters.': 'null 表示不回复。最多 3,200 个字符。',
  // Webhooks
  'It is sent `{type, timestamp, data}`: `receipt` with the fields of a message, once for each final status, and `inbound` for messages from handsets; with `batch_max` above 1 `{type: "batch", timestamp, data: […]}`. Requests are signed as Standard Webhooks say (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Any 2xx takes them; else they are tried again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. They may come twice and in any order.':
    '推送内容为 `{type, timestamp, data}`：`receipt` 为状态报告，字段与短信相同，每个最终状态推送一次；`inbound` 为上行短信。`batch_max` 大于 1 时为 `{type: "batch", timestamp, data: […]}`。请求按 Standard Webhooks 规范签名（`webhook-id`、`webhook-timestamp`、`webhook-signature`）。返回任意 2xx 即为接收成功；否则在 5 秒、5 分钟、30 分钟、2 小时、5 小时、10 小时后重试。同一事件可能重复到达，顺序不保证。',
  'Made. It hears of what becomes final from a few seconds later on.': '已创建。几秒后开始收到推送。',
  'Newest first.': '最新的在前。',
  'The endpoint.': '该 Webhook。',
  'Removed.': '已删除。',
  'What is not named stays.': '未填写的字段保持不变。',
  'http or https, on the public internet, without credentials. Redirects are not followed: they count as failures.':
    'http 或 https，须为公网地址，不含用户名和密码。不跟随重定向，重定向视为失败。',
  'Events in one request; 1 = each alone.': '每个请求携带的事件数；1 表示逐个推送。',
  'Sent along, up to 10. Their values are not shown again.': '随请求发送的自定义请求头，最多 10 个，其值不再显示。',
  'Why the platform switched it off.': '平台停用它的原因。',
  'Signs what the endpoint is sent (Standard Webhooks); shown this once.': '用于签名推送内容（Standard Webhooks），仅显示这一次。',
  'For 24 hours the old secret signs beside the new one, in the same header. The id `callbacks` stands for all callback URLs of messages and tasks, which share one secret.':
    '24 小时内新旧密钥同时签名，写在同一个请求头中。ID `callbacks` 代表短信和任务的所有回调地址，它们共用一个密钥。',
  'The new secret, shown this once.': '新密钥，仅显示这一次。',
  'What came of it.': '测试结果。',
  'One page, newest first. Kept for 30 days.': '一页数据，最新的在前，保留 30 天。',
  'As in the header: the same for every try, and for a replay.': '与请求头中的值相同；重试和补发时不变。',
  'null = no answer came.': 'null 表示没有收到响应。',
  'timeout, unreachable, redirect, status or refused_address; null = taken.':
    'timeout、unreachable、redirect、status 或 refused_address；null 表示接收成功。',
  'First bytes of your answer.': '响应内容的开头部分。',
  'One delivery, or all of a period.': '一次推送，或一段时间内的全部推送。',
  'How many requests will go out.': '将要发出的请求数。',
  'OpenAPI 3.1.': 'OpenAPI 3.1 文档。',
  '`log`: messages, every filter below. `statement`: what each message of a task cost, `failures`: those that were not delivered, with the reason (`task_id`). `tasks`: the overview of tasks (`task_id`, `task_name`, `task_status`, one `country`, `created_from`, `created_until`). `report`: totals as `GET /v1/reports` counts them (`group_by`, `kind`, `user`, `key`, `from`, `country`, `created_from`, `created_until`), all rows of it. `blacklist`: the numbers of a key (`key`; the one that asks).':
    '`log`：短信日志，可用以下全部筛选条件。`statement`：一个任务的逐条费用；`failures`：未送达的短信及原因（`task_id`）。`tasks`：任务总览（`task_id`、`task_name`、`task_status`、一个 `country`、`created_from`、`created_until`）。`report`：与 `GET /v1/reports` 相同的统计（`group_by`、`kind`、`user`、`key`、`from`、`country`、`created_from`、`created_until`），含全部行。`blacklist`：一个 Key 的黑名单号码（`key`，默认为当前 Key）。',
  '`callback` stands for the callback URLs of messages and tasks that lead to one host; the platform makes it.':
    '`callback` 代表短信和任务中指向同一主机的回调地址，由平台自动创建。',
  '`*` = senders beyond those that are told apart (64 a key and day).':
    '`*` 表示超出可区分范围的其他发送方（每个 Key 每天最多区分 64 个）。',
  // The older faces
  'Each parameter may stand in the query as well, beside the body or in place of it.':
    '每个参数也可以写在 URL 查询串中，与请求体并用或代替请求体。',
  'The credentials are not right.': '认证失败。',
  'Too many requests.': '请求过于频繁。',
  'Whatever became of it; see the code.': '无论成功与否都返回 200，结果以 code 为准。',
  'The key.': 'Key。',
  'Its secret.': '密钥。',
  'Sender.': '发送方 From。',
  'The text.': '短信内容。',
  'The number with its country code.': '带国家代码的号码。',
  'Encoding; chosen by the text where nothing is said.': '编码；未填写时按内容自动选择。',
  'The key. Works only where an operator switched "no secret" on, and only from its IP allowlist.':
    'Key。仅当运营为其开启“免密”时可用，且只接受其 IP 白名单内的请求。',
  'Where the receipts go.': '状态报告的推送地址。',
  'The key; or by Basic authentication.': 'Key；也可以使用 Basic 认证。',
  'Its secret; or `sig`.': '密钥；或使用 `sig`。',
  'Signature by the signature secret of the key, with `timestamp`.': '用 Key 的签名密钥计算的签名，须同时带 `timestamp`。',
  'Seconds since 1970, for `sig`.': '1970 年以来的秒数，用于 `sig`。',
  'Your own reference, up to 100 characters.': '您自己的编号，最多 100 个字符。',
  'Where the receipts go, in the words of Vonage.': '状态报告的推送地址，格式与 Vonage 相同。',
  'Milliseconds, 20,000 to 604,800,000.': '毫秒，20,000 至 604,800,000。',
  'One element a part.': '每个计费条对应一个元素。',
};

/** A sentence that stands nowhere is shown as it is: better English than nothing. */
export const inChinese = (english: string): string => CHINESE[english] ?? english;
export const CHINESE_KEYS: readonly string[] = Object.keys(CHINESE);
