/**
 * One per JMC key: who may use it, how fast, how much a day, to whom it must not send, and what it was answered before. An object,
 * because rate and caps must be exact over all Workers and the blacklist must be asked where it lives. An eviction loses the token
 * bucket alone: a key that nobody used for a while starts with a full one, which it would have had anyway.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { BlockReason } from '../schema/errors';
import type { BlacklistImportId, Iso2 } from '../schema/ids';
import type {
  DayCounted,
  DueRecipient,
  KeyChanges,
  KeyCredential,
  KeyFacts,
  KeyGateApi,
  KeyRequest,
  KeySettings,
  KeyVerdict,
  ListedNumber,
  ScreenedRecipient,
} from '../schema/protocol/objects';
import { makeObjects } from '../workers/gateways/objects';
import { signatureMatches } from '../workers/gateways/carrier-signature';
import { openSecret } from '../workers/gateways/sealed-secrets';
import { addressAllowed } from '../workers/rules/ip-allowlist';
import { isTimely } from '../workers/rules/signature-time';
import { admitKnown, countTask, listJudge, looksAtRecipients, takeBack, writesFor } from './key-gate/admission';
import { Blacklist } from './key-gate/blacklist';
import { forgetOldDays } from './key-gate/day-count';
import { MainlandVerdicts, mainlandTexts } from './key-gate/mainland-verdicts';
import { abandonRepeat, forgetOldRepeats, rememberAnswer } from './key-gate/repeats';
import { Secrets } from './key-gate/secrets';
import { STEPS } from './key-gate/storage-steps';
import { TokenBucket } from './key-gate/token-bucket';
import { AlarmClock } from './kit/alarm-clock';
import { migrate, rows, run } from './kit/storage';

/** How often the time of the last use is written. */
const USED_EVERY_MS = 60 * 1_000;
/** How often what is over is forgotten. */
const TIDY_EVERY_MS = 60 * 60 * 1_000;
const UNKNOWN: KeyVerdict = { kind: 'unknown_key' };
const DISABLED: KeyVerdict = { kind: 'disabled' };
const closedBy = ({ enabled, tenantOff }: KeySettings): KeyVerdict | null => (tenantOff ? UNKNOWN : enabled ? null : DISABLED);

export class KeyGate extends DurableObject<Env> implements KeyGateApi {
  readonly #sql: SqlStorage;
  readonly #bucket = new TokenBucket();
  readonly #secrets: Secrets;
  readonly #blacklist: Blacklist;
  readonly #clock: AlarmClock;
  /** By its sealed form: opening it takes a key import. */
  #signatureSecret: { readonly sealed: string; readonly secret: string } | null = null;
  #settings: KeySettings | null;
  #usedAt: number | null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#secrets = new Secrets(state.storage);
    this.#blacklist = new Blacklist(state.storage);
    this.#sql = state.storage.sql;
    this.#clock = new AlarmClock(state.storage);
    const [stored] = rows<{ settings: string; used_at: number | null }>(this.#sql, 'SELECT settings, used_at FROM gate');
    this.#settings = stored ? (JSON.parse(stored.settings) as KeySettings) : null;
    this.#usedAt = stored?.used_at ?? null;
  }

  async settings(): Promise<KeySettings | null> {
    return this.#settings;
  }

  async patch(changes: KeyChanges): Promise<KeySettings | null> {
    const before = this.#settings;
    if (!before) return null;
    const changed = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
    this.#store(Object.fromEntries(changed) as unknown as KeySettings);
    return before;
  }

  async configure(settings: KeySettings): Promise<void> {
    this.#store(settings);
  }

  #store(settings: KeySettings): void {
    run(
      this.#sql,
      'INSERT INTO gate (one, settings) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
      JSON.stringify(settings),
    );
    this.#settings = settings;
  }

  async addSecret(sha256Hex: string): Promise<void> {
    this.#secrets.add(sha256Hex, Date.now());
  }

  async removeSecret(n: number): Promise<boolean> {
    return this.#secrets.remove(n);
  }

  async facts(): Promise<KeyFacts> {
    return { settings: this.#settings, secrets: this.#secrets.list(), usedAt: this.#usedAt };
  }

  async admitRequest(request: KeyRequest): Promise<KeyVerdict> {
    if (!this.#settings || this.#settings.tenantOff) return UNKNOWN;
    const refusal = await this.#refusal(this.#settings, request.credential);
    if (refusal !== null) return { kind: refusal };
    // Looked at only now: opening a signature's secret takes time, in which an operator may have changed the key.
    const settings = this.#settings;
    const isOwn = request.credential.kind === 'platform';
    const closed = closedBy(settings);
    if (closed) return closed;
    if (!isOwn && !addressAllowed(request.address, settings.ipAllowlist)) return { kind: 'address_refused' };
    const recipients = JSON.parse(request.recipientsJson) as ScreenedRecipient[];
    const mainland = await this.#countMainland(settings, request, recipients);
    const now = Date.now();
    const current = this.#settings;
    const admit = (): KeyVerdict => admitKnown(this.#sql, current, this.#bucket, this.#blacklist, request, recipients, mainland, now);
    const verdict = closedBy(current) ?? (writesFor(current, request) ? this.ctx.storage.transactionSync(admit) : admit());
    await this.#takeBackMainland(mainland.unused);
    if (verdict.kind === 'admitted' && !isOwn) this.#used(now);
    if (verdict.kind === 'admitted' && verdict.ticket !== null) await this.#clock.ringBy(now + TIDY_EVERY_MS);
    return verdict;
  }

  async countTask(messages: number, micros: number): Promise<DayCounted> {
    const settings = this.#settings;
    if (!settings) return { ok: true, ticket: null };
    const now = Date.now();
    const counted = this.ctx.storage.transactionSync(() => countTask(this.#sql, settings, messages, micros, now));
    if (counted.ok && counted.ticket !== null) await this.#clock.ringBy(now + TIDY_EVERY_MS);
    return counted;
  }

  async screenDue(recipientsJson: string): Promise<readonly (BlockReason | null)[]> {
    const recipients = JSON.parse(recipientsJson) as DueRecipient[];
    if (!this.#settings || closedBy(this.#settings)) return recipients.map(() => 'key_disabled');
    return recipients.map(listJudge(this.#settings, this.#blacklist, recipients));
  }

  async takeBack(ticket: string): Promise<void> {
    await this.#takeBackMainland(this.ctx.storage.transactionSync(() => takeBack(this.#sql, ticket)));
  }

  async remember(repeatKey: string, answer: string): Promise<void> {
    rememberAnswer(this.#sql, repeatKey, answer);
  }

  async abandon(repeatKey: string): Promise<void> {
    abandonRepeat(this.#sql, repeatKey);
  }

  override async alarm(): Promise<void> {
    this.#clock.rang();
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      forgetOldRepeats(this.#sql, now);
      forgetOldDays(this.#sql, now);
    });
    const [left] = rows<{ left: number }>(this.#sql, 'SELECT EXISTS (SELECT 1 FROM repeats) OR EXISTS (SELECT 1 FROM days) AS left');
    if (left?.left === 1) await this.#clock.ringBy(now + TIDY_EVERY_MS);
  }

  async blacklistCounts(): Promise<{ numbers: number; countries: readonly Iso2[] }> {
    return { numbers: this.#blacklist.size, countries: [...this.#blacklist.countries] };
  }

  async screen(recipientsJson: string): Promise<readonly number[]> {
    return this.#blacklist.listed(recipientsJson);
  }

  async addNumbers(recipientsJson: string, reason: 'user' | 'opt_out', source: string | null = null): Promise<{ added: number }> {
    return { added: this.#blacklist.add(recipientsJson, reason, source, Date.now()) };
  }

  async importNumbers(id: BlacklistImportId, through: number, recipientsJson: string): Promise<{ added: number }> {
    return { added: this.#blacklist.import(id, through, recipientsJson, Date.now()) };
  }

  async removeNumbers(recipientsJson: string): Promise<{ removed: number }> {
    return { removed: this.#blacklist.remove(recipientsJson) };
  }

  async listNumbers(after: number, limit: number): Promise<readonly ListedNumber[]> {
    return this.#blacklist.page(after, limit);
  }

  async setCountries(countries: readonly Iso2[]): Promise<void> {
    this.#blacklist.setCountries(countries);
  }

  async #refusal(settings: KeySettings, credential: KeyCredential): Promise<'bad_secret' | 'bad_signature' | null> {
    switch (credential.kind) {
      case 'secret':
        return this.#secrets.knows(credential.sha256) ? null : 'bad_secret';
      case 'address':
        // Without a list of addresses everybody could send with it.
        return settings.noSecret === true && settings.ipAllowlist.length > 0 ? null : 'bad_secret';
      case 'signature':
        return (await this.#isSigned(settings, credential.parameters)) ? null : 'bad_signature';
      case 'platform':
        return null;
    }
  }

  /**
   * What goes to mainland numbers is counted by the tenant, in an object of its own, before the key decides: what the key then refuses is
   * taken back. A crash in between leaves a text counted that did not go, which errs on the carriers' side. A test key reaches nobody.
   */
  async #countMainland(settings: KeySettings, request: KeyRequest, recipients: readonly ScreenedRecipient[]): Promise<MainlandVerdicts> {
    const texts = settings.test ? [] : mainlandTexts(recipients);
    const isAsked = texts.length > 0 && looksAtRecipients(this.#sql, settings, this.#bucket, request, Date.now());
    const verdicts = isAsked ? await makeObjects(this.env).mainlandCaps(settings.tenant).count(JSON.stringify(texts)) : [];
    return new MainlandVerdicts(recipients, verdicts);
  }

  async #takeBackMainland(numbers: readonly number[]): Promise<void> {
    const { tenant } = this.#settings ?? {};
    if (tenant !== undefined && numbers.length > 0) await makeObjects(this.env).mainlandCaps(tenant).takeBack(numbers);
  }

  async #isSigned({ signature }: KeySettings, parameters: Readonly<Record<string, string>>): Promise<boolean> {
    if (!signature || !isTimely(parameters['timestamp'], Date.now())) return false;
    const { secretSealed: sealed, method } = signature;
    if (this.#signatureSecret?.sealed !== sealed) this.#signatureSecret = { sealed, secret: await openSecret(this.env, sealed) };
    return signatureMatches(parameters, this.#signatureSecret.secret, method);
  }

  /** To the minute: a busy key must not write a row for each request. */
  #used(now: number): void {
    if (this.#usedAt !== null && now - this.#usedAt < USED_EVERY_MS) return;
    this.#usedAt = now;
    run(this.#sql, 'UPDATE gate SET used_at = ?', now);
  }
}
