/** The Worker's bindings, as wrangler.toml declares them, plus the secrets. */
import type { BlacklistImportJob, CheckJob, ExportJob, ReceiptJob, SendJob } from './jobs';

export interface Env {
  readonly ASSETS: Fetcher;
  readonly DB: D1Database;
  readonly FILES: R2Bucket;
  /** Absent in local runs: the mailbox page takes its place. */
  readonly MAIL?: SendEmail;
  readonly SEND_TRANSACTIONAL: Queue<SendJob>;
  readonly SEND_MARKETING: Queue<SendJob>;
  readonly RECEIPTS: Queue<ReceiptJob>;
  readonly CHECKS: Queue<CheckJob | BlacklistImportJob>;
  readonly EXPORTS: Queue<ExportJob>;
  readonly KEY_GATE: DurableObjectNamespace;
  readonly MESSAGE_SHARD: DurableObjectNamespace;
  readonly TASK_RUN: DurableObjectNamespace;
  readonly CARRIER_PACER: DurableObjectNamespace;
  readonly TENANT_LEDGER: DurableObjectNamespace;
  readonly LOGIN_GUARD: DurableObjectNamespace;
  readonly WEBHOOK_LANE: DurableObjectNamespace;
  readonly MAINLAND_CAPS: DurableObjectNamespace;
  readonly ENVIRONMENT: 'local' | 'staging' | 'production';
  readonly PUBLIC_URL: string;
  readonly VONAGE_REST_HOST: string;
  /** Decimal text of milliseconds. */
  readonly UNANSWERED_AFTER_MS: string;
  /** Decimal text of milliseconds; anything else: shards are never sealed. */
  readonly SEAL_AFTER_MS: string;
  /** Signs session cookies; ≥ 32 bytes, base64. */
  readonly SESSION_SECRET: string;
  /** Encrypts carrier secrets in D1; 32 bytes, base64. */
  readonly DATA_KEY: string;
  /** DNS over HTTPS (JSON), asked where customers' endpoints lead; Cloudflare's where nothing is said. Not asked in local runs. */
  readonly DNS_URL?: string;
  /** Sender of the platform's mails; no-reply@ the host of PUBLIC_URL where nothing is said. */
  readonly MAIL_FROM?: string;
  /** Local runs only: with a Vonage credential the demo sends through it instead of the simulator. */
  readonly VONAGE_API_KEY?: string;
  readonly VONAGE_API_SECRET?: string;
  readonly VONAGE_SIGNATURE_SECRET?: string;
  readonly VONAGE_SIGNATURE_METHOD?: string;
}
