/** Hands what became final to the lanes of the customer's endpoints. A repeat does no harm: lanes know what they were told. */
import type { EndpointId } from '../../schema/ids';
import type { LogRow, OwnContent, ShardSettings } from '../../schema/protocol/message-shard';
import type { LaneEvent } from '../../schema/protocol/webhook-lane';
import { messageStateCode } from '../../schema/states';
import type { Gateways } from '../../workers/gateways';
import { signatureOf } from '../../workers/gateways/carrier-signature';
import { openSecret } from '../../workers/gateways/sealed-secrets';
import { callbackEndpoint, knownSubscribers, subscribersOf } from '../../workers/gateways/stores/endpoints';
import { vonageReceipts } from '../../workers/rules/vonage-receipt';
import { receiptEvent } from '../../workers/rules/webhook-event';
import type { Announcement } from './announcements';
import type { StateAccess } from './outbox';
import { findRows } from './read';

const ROWS_PER_CALL = 200;
/** After a call that failed, and while one is under way: the alarm looks again. */
const RECHECK_MS = 2_000;
/** A lane that is full is not asked again at once. */
const FULL_MS = 60_000;

export class Announcer {
  readonly #gateways: Pick<Gateways, 'env' | 'database' | 'objects'>;
  readonly #access: StateAccess;
  #againAt = 0;
  #announcing: Promise<void> | null = null;

  constructor(gateways: Pick<Gateways, 'env' | 'database' | 'objects'>, access: StateAccess) {
    this.#gateways = gateways;
    this.#access = access;
  }

  /** Perhaps nobody listens: as long as that is not known, what happens is noted. */
  isHeard(settings: ShardSettings | null): boolean {
    if (!settings || settings.callbackUrl !== null) return true;
    return knownSubscribers(this.#gateways.env, settings.tenant, 'receipt')?.length !== 0;
  }

  /** ms UTC; null = everything is told. */
  dueAt(now: number): number | null {
    return this.#access.read().announcements.isOwed ? Math.max(now + RECHECK_MS, this.#againAt) : null;
  }

  /** Callers at the same time share one run. */
  announce(): Promise<void> {
    this.#announcing ??= this.#announce().finally(() => {
      this.#announcing = null;
    });
    return this.#announcing;
  }

  async #announce(): Promise<void> {
    for (;;) {
      const state = this.#access.read();
      const { settings } = state;
      if (!settings || !state.announcements.isOwed || Date.now() < this.#againAt) return;
      const owed = state.announcements.next(ROWS_PER_CALL);
      const last = owed.at(-1);
      if (!last) return;
      const told = await this.#tell(settings, owed);
      if (!told) {
        this.#againAt = Date.now() + FULL_MS;
        return;
      }
      this.#access.change((later) => later.announcements.remove(last.n));
    }
  }

  /** @returns false when a lane takes no more for now */
  async #tell(settings: ShardSettings, owed: readonly Announcement[]): Promise<boolean> {
    const noted = new Map(owed.map(({ row, state }) => [row, state]));
    const byLane = new Map<EndpointId, LaneEvent[]>();
    const subscribers = settings.callbackUrl === null ? await subscribersOf(this.#gateways, settings.tenant, 'receipt') : [];
    if (settings.origin === 'task' && settings.callbackUrl === null && subscribers.length === 0) return true;
    for (const { row, number, own } of findRows(this.#access.read(), [...noted.keys()])) {
      // Corrected since: that is noted as well, and comes next.
      if (noted.get(number) !== messageStateCode(row.state)) continue;
      const { lanes, events } = await this.#addressed(settings, row, own, subscribers);
      for (const lane of lanes) {
        const known = byLane.get(lane);
        if (known) known.push(...events);
        else byLane.set(lane, [...events]);
      }
    }
    const answers = await Promise.all(
      [...byLane].map(([lane, events]) => this.#gateways.objects.webhookLane(lane).announce(lane, JSON.stringify(events))),
    );
    return answers.every(({ kind }) => kind === 'taken');
  }

  /** In Vonage's words, signed in Vonage's way when the key has a secret for it: as they are now, however often they are tried. */
  async #vonageEvents(row: LogRow): Promise<readonly LaneEvent[]> {
    const { env, objects } = this.#gateways;
    const signature = (await objects.keyGate(row.key).settings())?.signature;
    const secret = signature === undefined ? null : await openSecret(env, signature.secretSealed);
    return vonageReceipts(row).map((parameters, index) => {
      const key = `${row.id} ${row.state} ${index + 1}`;
      if (signature === undefined || secret === null) return [key, 'vonage', JSON.stringify(parameters)];
      const stamped = { ...parameters, timestamp: String(Math.floor(Date.now() / 1_000)), nonce: crypto.randomUUID() };
      const sig = signatureOf(stamped, secret, signature.method) ?? '';
      return [key, 'vonage', JSON.stringify({ ...stamped, sig })];
    });
  }

  /** Where a message is told of: the callback of its call, else that of its task, else the tenant's endpoints. */
  async #addressed(
    settings: ShardSettings,
    row: LogRow,
    own: Partial<OwnContent>,
    subscribers: readonly EndpointId[],
  ): Promise<{ lanes: readonly EndpointId[]; events: readonly LaneEvent[] }> {
    const callback = own.callback ?? settings.callbackUrl;
    if (callback === null) return { lanes: subscribers, events: [receiptEvent(row)] };
    // It was looked at when it was accepted; what cannot be read all the same is told to nobody.
    if (!URL.canParse(callback)) return { lanes: [], events: [] };
    const lane = await callbackEndpoint(this.#gateways, settings.tenant, new URL(callback).origin, Date.now());
    const events = own.callbackStyle === 'vonage' ? await this.#vonageEvents(row) : [receiptEvent(row)];
    return { lanes: [lane], events: events.map(([key, type, body]) => [key, type, body, callback]) };
  }
}
