/** Everything that can be set through /control: its shape, its bounds, its defaults. README.md explains each. */
import { z } from 'zod';
import type { SimulatorEnv } from './env';
import { SIGNATURE_METHODS, isErrorCode, isRefusalStatus } from '../rules/vonage-words';
import type { SignatureMethod } from '../rules/vonage-words';

const share = z.number().min(0).max(1);
const milliseconds = z.number().int().min(0).max(86_400_000);
const webhookUrl = z.url({ protocol: /^https?$/ }).nullable();

const Account = z.strictObject({
  apiKey: z.string().min(1).max(64),
  apiSecret: z.string().min(1).max(64),
  signatureSecret: z.string().min(1).max(128),
  signatureMethod: z.enum(SIGNATURE_METHODS),
});
export type Account = z.infer<typeof Account>;

const sharesByCode = (known: (code: number) => boolean, what: string) =>
  z
    .record(z.string(), share)
    .refine((shares) => Object.keys(shares).every((code) => /^\d+$/.test(code) && known(Number(code))), `keys must be ${what}`);

/** Share of each final receipt; together 1. `delivered` may be left out: it takes the rest. */
const Outcomes = z
  .strictObject({
    delivered: share.optional(),
    failed: sharesByCode(isErrorCode, "Vonage's err-codes").default({}),
    expired: share.default(0),
    rejected: share.default(0),
    unknown: share.default(0),
    missing: share.default(0),
  })
  .transform(({ delivered, ...others }, context) => {
    const rest = others.expired + others.rejected + others.unknown + others.missing + sum(Object.values(others.failed));
    const outcomes = { delivered: delivered ?? Math.max(0, 1 - rest), ...others };
    if (Math.abs(outcomes.delivered + rest - 1) > 1e-6) context.addIssue('the shares must add up to 1');
    return outcomes;
  });

const KnobsSchema = z
  .strictObject({
    answerDelayMs: milliseconds,
    receiptDelayMs: milliseconds,
    receiptSpreadMs: milliseconds,
    lateReceiptMs: milliseconds,
    outcomes: Outcomes,
    refusals: sharesByCode(isRefusalStatus, "Vonage's statuses, without 0"),
    throttlePerSecond: z.number().int().min(1).max(1_000_000).nullable(),
    httpErrorShare: share,
    hangShare: share,
    malformedShare: share,
    answerLostShare: share,
    answerHangsShare: share,
    mixedPartsShare: share,
    hangMs: milliseconds,
    duplicateReceiptShare: share,
    lateReceiptShare: share,
    bufferedReceiptShare: share,
    outOfOrderReceiptShare: share,
    receiptBeforeAnswerShare: share,
    wrongSignatureShare: share,
    accounts: z.array(Account).min(1).max(100),
    receiptMethod: z.enum(['get', 'form', 'json']),
    receiptUrl: webhookUrl,
    inboundUrl: webhookUrl,
    receiptConcurrency: z.number().int().min(1).max(512),
    receiptTimeoutMs: z.number().int().min(10).max(60_000),
    receiptRetryScale: z.number().min(0).max(1),
    maxPendingReceipts: z.number().int().min(1).max(10_000_000),
    refusedSenders: z.array(z.string()).max(1_000),
    messagePrice: z.number().min(0).max(1_000),
    balance: z.number().min(0).max(10_000_000),
  })
  .superRefine((knobs, context) => {
    const together =
      knobs.httpErrorShare +
      knobs.hangShare +
      knobs.malformedShare +
      knobs.answerLostShare +
      knobs.answerHangsShare +
      knobs.mixedPartsShare;
    if (together > 1 + 1e-6)
      context.addIssue({ code: 'custom', path: ['httpErrorShare'], message: 'the shares of HTTP faults may add up to 1 at most' });
    if (sum(Object.values(knobs.refusals)) > 1 + 1e-6)
      context.addIssue({ code: 'custom', path: ['refusals'], message: 'the shares may add up to 1 at most' });
    if (new Set(knobs.accounts.map(({ apiKey }) => apiKey)).size < knobs.accounts.length)
      context.addIssue({ code: 'custom', path: ['accounts'], message: 'two accounts have the same apiKey' });
  });
export type Knobs = z.infer<typeof KnobsSchema>;
/** What a client may write: the same, with the shares of `outcomes` optional. */
export type KnobsInput = z.input<typeof KnobsSchema>;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const isSignatureMethod = (value: string | undefined): value is SignatureMethod => SIGNATURE_METHODS.some((method) => method === value);

/** A calm carrier: answers at once, takes everything, delivers everything, receipts within about a second. */
export function defaultKnobs(env: SimulatorEnv): Knobs {
  return {
    answerDelayMs: 0,
    receiptDelayMs: 300,
    receiptSpreadMs: 700,
    lateReceiptMs: 60_000,
    outcomes: { delivered: 1, failed: {}, expired: 0, rejected: 0, unknown: 0, missing: 0 },
    refusals: {},
    throttlePerSecond: null,
    httpErrorShare: 0,
    hangShare: 0,
    malformedShare: 0,
    answerLostShare: 0,
    answerHangsShare: 0,
    mixedPartsShare: 0,
    hangMs: 120_000,
    duplicateReceiptShare: 0,
    lateReceiptShare: 0,
    bufferedReceiptShare: 0,
    outOfOrderReceiptShare: 0,
    receiptBeforeAnswerShare: 0,
    wrongSignatureShare: 0,
    accounts: [
      {
        apiKey: env.API_KEY ?? 'demo-account',
        apiSecret: env.API_SECRET ?? 'demo-secret',
        signatureSecret: env.SIGNATURE_SECRET ?? 'demo-signature-secret',
        signatureMethod: isSignatureMethod(env.SIGNATURE_METHOD) ? env.SIGNATURE_METHOD : 'sha256',
      },
    ],
    receiptMethod: 'json',
    receiptUrl: env.RECEIPT_URL ?? 'http://localhost:8787/carriers/vonage/receipts',
    inboundUrl: env.INBOUND_URL ?? 'http://localhost:8787/carriers/vonage/inbound',
    receiptConcurrency: 16,
    receiptTimeoutMs: 10_000,
    receiptRetryScale: 1,
    maxPendingReceipts: 1_000_000,
    refusedSenders: [],
    messagePrice: 0.0333,
    balance: 1_000_000,
  };
}

export interface KnobError {
  /** Path as the client wrote it, e.g. `outcomes.failed` or `accounts.0.apiKey`; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
}

/** @param base what fields keep that the client did not write: the present knobs for PATCH, the defaults for PUT */
export function parseKnobs(written: unknown, base: Knobs): { ok: true; knobs: Knobs } | { ok: false; errors: readonly KnobError[] } {
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    return { ok: false, errors: [{ field: '', message: 'a JSON object is wanted' }] };
  const parsed = KnobsSchema.safeParse({ ...base, ...written });
  if (parsed.success) return { ok: true, knobs: parsed.data };
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: 'no such knob' }))
      : [{ field: issue.path.join('.'), message: issue.message }],
  );
  return { ok: false, errors };
}
