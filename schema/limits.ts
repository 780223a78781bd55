/** Every limit of the platform, once, with its unit and its source. Times are milliseconds, sizes are bytes. */
import type { Iso2 } from './ids';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

// Sign-in
export const CODE_LIFETIME_MS = 5 * MINUTE;
export const CODE_WRONG_TRIES = 5;
export const CODE_RESEND_AFTER_MS = 60 * SECOND;
export const CODES_PER_DAY = 10;
/** What "a day" means for codes: any 24 hours. */
export const CODES_WINDOW_MS = DAY;
export const PASSWORD_WRONG_TRIES = 5;
export const PASSWORD_LOCK_MS = 15 * MINUTE;
/** Wrong passwords from one address, over all accounts, before it is slowed. */
export const ADDRESS_WRONG_TRIES = 20;
export const ADDRESS_WINDOW_MS = 15 * MINUTE;
export const SESSION_LIFETIME_MS = 12 * HOUR;
export const PASSWORD_MIN_LENGTH = 10;
export const PASSWORD_MAX_LENGTH = 128;
/** On the profile page. */
export const SIGN_INS_SHOWN = 10;
export const PHONES_PER_USER = 8;
/** Regions whose phone numbers may log in. */
export const LOGIN_REGIONS = ['86', '852', '853', '886', '65', '1'] as const;

// Uploads (Cloudflare: parts of equal size ≥ 5 MiB, ≤ 10 000 parts, request body ≤ 100 MB)
export const UPLOAD_PART_BYTES = 8 * MIB;
export const UPLOAD_MAX_PARTS = 10_000;
export const UPLOAD_MAX_ROWS = 100_000_000;
export const XLSX_MAX_ROWS = 1_048_576;
/** Characters of a cell (Excel specifications and limits). */
export const XLSX_CELL_MAX = 32_767;
/** A packed upload may not unpack to more than this, nor to more than UNPACK_MAX_RATIO times its size (zip bombs). */
export const UNPACK_MAX_BYTES = 16 * 1024 * MIB;
export const UNPACK_MAX_RATIO = 200;
export const UPLOAD_LIFETIME_MS = 30 * DAY;
export const LINE_MAX_BYTES = 64 * 1024;
export const COLUMNS_MAX = 64;

// Checking
export const RANGE_BYTES = 1 * MIB;
/** The split reads this much at once. */
export const SPLIT_WINDOW_BYTES = 4 * MIB;
/** A step of the check stops after this much work and queues its next one. */
export const CHECK_STEP_MS = 20 * SECOND;
/** Rows that a call to a shard brings in one slice, bound as one JSON text: fewer are slower, and a bound value has 2 MB. */
export const ROWS_PER_SLICE = 5_000;
export const ROWS_PER_SHARD = 500_000;
/** Ranges of one task that wait in the queue at once. */
export const RANGES_IN_FLIGHT = 16;
/** A step of a check that was begun and has been silent for this long is queued again; its second run changes nothing. */
export const RANGE_STUCK_MS = 60 * SECOND;
/** One that nobody has begun: its queue message may be lost, or the queue is long, and then every repeat makes it longer. */
export const RANGE_UNBEGUN_MS = 5 * MINUTE;
/** A step that was begun this often and never came back refuses the task: something is wrong that another try does not cure. */
export const CHECK_STEP_TRIES = 20;
/** Shards of one task that have rows to send and may send them. */
export const ACTIVE_SHARDS = 8;

// Storage
/** Of one value bound to a statement, so that not even text of three bytes a character reaches the 2 MB of objects and D1. */
export const BOUND_CHARACTERS = 600_000;

// Sending
export const TEXT_MAX_CHARACTERS = 3_200; // Vonage, SMS API reference
export const CHUNK_MESSAGES = 100;
/** Rows a consumer claims ahead of the wire: what a crash can leave unanswered, at most. */
export const CLAIM_MESSAGES = 12;
/** A batch of the queue begins no further chunk after so many messages: an invocation has 1,000 requests in all (Cloudflare limits). */
export const MESSAGES_PER_INVOCATION = 700;
/** Connections that one Worker invocation may hold open at once (Cloudflare limits). */
export const CONNECTIONS_PER_INVOCATION = 6;
/** A chunk that nobody began within this time is released again. */
export const LEASE_MS = 30 * SECOND;
export const CARRIER_TIMEOUT_MS = 15 * SECOND;
export const SEND_ATTEMPTS = 6;
export const MESSAGE_LIFETIME_MS = 72 * HOUR; // Vonage's default ttl; after it a silent message is final
/** Transactional chunks are re-queued sooner than campaigns: their outbox looks again after this long. */
export const OUTBOX_RECHECK_MS = 5 * SECOND;
/** Tokens a second of a carrier account that says nothing else (Vonage default). */
export const CARRIER_DEFAULT_PER_SECOND = 30;
export const CARRIER_PER_SECOND_MAX = 10_000;
/** Carrier accounts that one key may be bound to. */
export const ACCOUNTS_OF_KEY_MAX = 20;

// International templates
export const TEMPLATES_PER_TENANT = 200;
export const TEMPLATE_NAME_MAX = 60;
export const TEMPLATE_SAMPLE_MAX = 200;

// Mainland approvals
export const APPROVAL_FILES = 5;
export const APPROVAL_FILE_MAX_BYTES = 5 * MIB;
/** Carriers take 2 to 12 characters between the brackets. */
export const SIGNATURE_MIN = 2;
export const SIGNATURE_MAX = 12;

// Keys
export const KEY_DEFAULT_PER_SECOND = 30;
export const KEY_PER_SECOND_MAX = 100_000;
export const SECRETS_PER_KEY = 2;
/** Characters of the currency's name or sign in `/getBalance`. */
export const CURRENCY_SIGN_MAX = 8;
/** Addresses and networks on the allowlist of a key. */
export const KEY_ALLOWLIST_MAX = 100;
/** Lines that the console's text box takes at once. */
export const BLACKLIST_LINES_MAX = 1_000;
/** Lines of a file of numbers. */
export const BLACKLIST_FILE_LINES_MAX = 10_000_000;
/** Refused lines of a file that are named, the first ones. */
export const IMPORT_REFUSED_NAMED = 100;
/** An import that has said nothing for this long is queued again. */
export const IMPORT_STUCK_MS = 2 * MINUTE;

// API
export const API_BODY_MAX_BYTES = 1 * MIB;
/** Objects and arrays inside each other in a body. */
export const JSON_DEPTH_MAX = 16;
export const RECIPIENTS_PER_REQUEST = 1_000;
export const CLIENT_REF_MAX = 100; // Vonage, SMS API reference
export const CALLBACK_URL_MAX = 1_000;
export const TTL_MIN_S = 20; // Vonage, SMS API reference, as is the next one
export const TTL_MAX_S = 604_800;
export const SCHEDULE_MAX_MS = 30 * DAY;
export const IDEMPOTENCY_KEY_MAX = 255;
export const IDEMPOTENCY_LIFETIME_MS = DAY;
/** A request that has said nothing for this long has died: its repeat takes over. */
export const IDEMPOTENCY_RUNNING_MS = 30 * SECOND;
/** Mainland carriers: no more than this many messages of one text, and of different texts, to one number in any 24 hours. */
export const MAINLAND_IDENTICAL = 3;
export const MAINLAND_DIFFERENT = 15;
export const MAINLAND_WINDOW_MS = DAY;
/** Where those carriers are. */
export const MAINLAND_COUNTRY = 'CN' as Iso2;
/** Rows of a task that are held against them at once, just before they leave; what a stopped task may have counted in vain, a shard. */
export const MAINLAND_ROWS_AHEAD = 1_000;
/**
 * A signed request may be this old, or this far ahead. Generous, because a carrier that could not reach us comes back with the parameters of
 * its first try, and because a repeated receipt changes nothing.
 */
export const SIGNATURE_AGE_MS = HOUR;

// Jumps of a country's traffic
/** A jump is one against the busiest hour of this long before. */
export const JUMP_BASELINE_MS = 7 * DAY;
/** Fewer messages of an hour than this are never a jump, whatever was before. */
export const JUMP_MESSAGES_MIN = 200;
/** Times the busiest hour. */
export const JUMP_VOLUME_TIMES = 3;
/** Fewer messages with an end than this say nothing about failures. */
export const JUMP_ENDED_MIN = 100;
/** Percentage points over what failed before. */
export const JUMP_FAILURE_POINTS = 25;
/** A jump that was not there any more for this long is a new one when it comes back. */
export const JUMP_OVER_MS = 6 * HOUR;
export const JUMP_LOOK_EVERY_MS = 5 * MINUTE;

// Archive
/** The least that R2 takes as a part: a sealing shard holds one in memory. */
export const ARCHIVE_PART_BYTES = 5 * MIB;
/** Files that are not needed any more stay this long, for whoever is reading them. */
export const ARCHIVE_LEFTOVER_MS = DAY;
/** Number indexes of one tier that are merged into one of the next: a look-up reads fewer than this of each tier. */
export const NUMBERS_TOGETHER = 4;
/** A merged index with as many entries or members stays as it is: merging four smaller ones keeps under 2^16 members and 100 MB. */
export const NUMBERS_FULL_ENTRIES = 4_000_000;
export const NUMBERS_FULL_MEMBERS = 2 ** 14 - 1;
/** Its tier then. */
export const NUMBERS_FULL = 99;
/** Rows that a late receipt may still correct stay in their sealed shard for this long; carriers repeat receipts for a day. */
export const LATE_RECEIPT_LIFETIME_MS = 30 * DAY;

// Reading
export const PAGE_ROWS = 50;
export const PAGE_ROWS_MAX = 200;
export const EXPORT_LIFETIME_MS = 30 * DAY;
export const EXPORT_PART_BYTES = 8 * MIB;
/** An export job stops after this much work and queues its next step, so that no invocation runs into its CPU limit. */
export const EXPORT_STEP_MS = 20 * SECOND;
export const EXPORT_STUCK_MS = 2 * MINUTE;

// Reports
/** How carrier accounts did, by hour: operators look at the last day. */
export const CARRIER_TOTALS_LIFETIME_MS = 8 * DAY;
/** Senders of one API shard that reports tell apart; the rest is counted as one, because every sender multiplies the cells of the totals. */
export const SENDERS_PER_SHARD = 64;
/** That rest. No sender is called so: a sender is letters and digits. */
export const OTHER_SENDERS = '*';
/** Period of a report where none is said. */
export const REPORT_DAYS = 30;
/** Longest period of a report, and of one by hour. */
export const REPORT_DAYS_MAX = 1_100;
export const REPORT_HOURLY_DAYS_MAX = 31;
/** Rows of one answer; a file holds them all. */
export const REPORT_ROWS_MAX = 10_000;
/** Cells in one statement to D1: far from its 2 MB a parameter. */
export const TOTALS_PER_STATEMENT = 5_000;

// Webhooks out
/** Pauses after each failed try. */
export const WEBHOOK_PAUSES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR] as const;
export const WEBHOOK_LIFETIME_MS = DAY;
export const WEBHOOK_TIMEOUT_MS = 15 * SECOND;
/** Events of one request to an endpoint that wants batches. */
export const WEBHOOK_BATCH_MAX = 100;
/** An endpoint that took nothing for this long is switched off. */
export const WEBHOOK_DISABLED_AFTER_MS = 3 * DAY;
/** A name of an endpoint is looked up again after this, or sooner when its records say so. */
export const NAME_KNOWN_MAX_MS = 30 * SECOND;
export const NAME_LOOKUP_TIMEOUT_MS = 5 * SECOND;
export const WEBHOOK_LOG_LIFETIME_MS = 30 * DAY;
/** Of a customer's answer, for the log. */
export const WEBHOOK_ANSWER_SHOWN_BYTES = 1_024;
/** Events that wait for one endpoint; while there are more, those who announce wait with theirs. */
export const WEBHOOK_WAITING_MAX = 2_000_000;
/** Events of deliveries that are over and can be replayed, whole deliveries; the oldest go before their time. */
export const WEBHOOK_KEPT_MAX = 1_000_000;
export const WEBHOOK_SECRETS = 2;
/** After a rotation the old secret signs beside the new one for this long. */
export const WEBHOOK_OLD_SECRET_MS = DAY;
export const WEBHOOK_ENDPOINTS_PER_TENANT = 20;
export const WEBHOOK_HEADERS_MAX = 10;
export const WEBHOOK_URL_MAX = 1_000;
/** Messages that an opt-out may answer are not older than this, and not looked for longer than this. */
export const OPT_OUT_LOOKBACK_MS = 90 * DAY;
export const OPT_OUT_SEARCH_MS = 3 * SECOND;
/** How old a Worker's knowledge of a tenant's endpoints may be: a new one hears of what becomes final after this. */
export const WEBHOOK_ENDPOINTS_KNOWN_MS = 5 * SECOND;

// Inbound messages
/** Parts of a long message that have not come by then do not come. */
export const INBOUND_JOIN_MS = 10 * MINUTE;
/** The carrier repeats for a day what it thinks was not taken: parts are known again for longer than that. */
export const INBOUND_PARTS_KEPT_MS = 2 * DAY;
/** Vonage joins at most this many (GSM 03.40: one byte). */
export const INBOUND_PARTS_MAX = 255;

// Data before July 2021
/** 2021-07-01 00:00 Asia/Shanghai, ms UTC: what was received from then on is in the log of today. */
export const LEGACY_UNTIL_AT = Date.UTC(2021, 5, 30, 16);
/** Messages of one archive file. */
export const LEGACY_PART_ROWS = 200_000;
/** Of SHA-256: enough that no two ids ever meet. */
export const LEGACY_ID_HASH_BYTES = 16;
/** Refused rows of one file that operators see in the console; the command's own report has them all. */
export const LEGACY_REFUSED_NAMED = 200;
