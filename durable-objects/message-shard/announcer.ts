/** Hands what became final to the lanes of the customer's endpoints. A repeat does no harm: lanes know what they were told. */
import type { EndpointId } from '../../schema/ids';
import type { LogRow, OwnContent, ShardSettings } from '../../schema/protocol/message-shard';
import type { LaneEvent } from '../../schema/protocol/webhook-lane';
import { WEBHOOK_LIFETIME_MS } from '../../schema/limits';
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

type Told = readonly [announcement: Announcement, event: LaneEvent];

export class Announcer {
  readonly #gateways: Pick<Gateways, 'env' | 'database' | 'objects'>;
  readonly #access: StateAccess;
  /** Of lanes that were full: until when they are not asked again, ms UTC. */
  readonly #restUntil = new Map<EndpointId, number>();
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
    const { isOwed, isHeld, unheardUntil } = this.#access.read().announcements;
    const roomAt = Math.max(now + RECHECK_MS, Math.min(now + FULL_MS, ...this.#restUntil.values()));
    const times = [isOwed ? now + RECHECK_MS : null, isHeld ? roomAt : null, unheardUntil].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Callers at the same time share one run. */
  announce(): Promise<void> {
    this.#announcing ??= this.#announce().finally(() => {
      this.#announcing = null;
    });
    return this.#announcing;
  }

  async #announce(): Promise<void> {
    const { settings } = this.#access.read();
    if (!settings) return;
    await this.#decideUnheard(settings);
    await this.#tellNews(settings);
    await this.#tellHeld(settings);
  }

  /** Whoever began to listen while this shard did not know of it yet is told as well. */
  async #decideUnheard({ tenant }: ShardSettings): Promise<void> {
    const { unheardUntil } = this.#access.read().announcements;
    const now = Date.now();
    if (unheardUntil === null || unheardUntil > now) return;
    const isListened = (await subscribersOf(this.#gateways, tenant, 'receipt')).length > 0;
    this.#access.change(({ announcements }) => announcements.decideUnheard(isListened, now));
  }

  async #tellNews(settings: ShardSettings): Promise<void> {
    for (;;) {
      const { announcements } = this.#access.read();
      const owed = announcements.isOwed ? announcements.next(ROWS_PER_CALL) : [];
      const last = owed.at(-1);
      if (!last) return;
      const byLane = await this.#byLane(settings, owed);
      const taken = await Promise.all([...byLane].map(async ([lane, told]) => ({ lane, told, isTaken: await this.#tell(lane, told) })));
      const now = Date.now();
      this.#access.change((later) => {
        // One that has no room stops nobody else.
        for (const { lane, told, isTaken } of taken) if (!isTaken) later.announcements.hold(lane, uniqueOf(told), now);
        later.announcements.remove(last.n);
      });
    }
  }

  async #tellHeld(settings: ShardSettings): Promise<void> {
    const { announcements } = this.#access.read();
    if (!announcements.isHeld) return;
    this.#access.change((later) => later.announcements.forgetHeld(Date.now() - WEBHOOK_LIFETIME_MS));
    for (const lane of this.#access.read().announcements.heldLanes()) {
      for (;;) {
        const held = this.#access.read().announcements.held(lane, ROWS_PER_CALL);
        const last = held.at(-1);
        if (!last) break;
        const told = (await this.#byLane(settings, held)).get(lane) ?? [];
        if (told.length > 0 && !(await this.#tell(lane, told))) break;
        this.#access.change((later) => later.announcements.removeHeld(lane, last.n));
      }
    }
    // Perhaps nothing is held any more.
    this.#access.read().announcements.heldLanes();
  }

  /** @returns false when the lane takes no more for now */
  async #tell(lane: EndpointId, told: readonly Told[]): Promise<boolean> {
    if ((this.#restUntil.get(lane) ?? 0) > Date.now()) return false;
    const restMs = await this.#announceTo(lane, told);
    if (restMs === 0) this.#restUntil.delete(lane);
    else this.#restUntil.set(lane, Date.now() + restMs);
    return restMs === 0;
  }

  /** @returns how long the lane is not asked again; 0 = it has taken them */
  async #announceTo(lane: EndpointId, told: readonly Told[]): Promise<number> {
    try {
      const { kind } = await this.#gateways.objects.webhookLane(lane).announce(lane, JSON.stringify(told.map(([, event]) => event)));
      return kind === 'full' ? FULL_MS : 0;
    } catch (thrown) {
      // Perhaps it took them and its answer was lost: it knows what it was told.
      console.error(JSON.stringify({ announcing: lane, unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
      return RECHECK_MS;
    }
  }

  async #byLane(settings: ShardSettings, owed: readonly Announcement[]): Promise<ReadonlyMap<EndpointId, readonly Told[]>> {
    const noted = new Map(owed.map((announcement) => [announcement.row, announcement]));
    const byLane = new Map<EndpointId, Told[]>();
    const subscribers = settings.callbackUrl === null ? await subscribersOf(this.#gateways, settings.tenant, 'receipt') : [];
    if (settings.origin === 'task' && settings.callbackUrl === null && subscribers.length === 0) return byLane;
    for (const { row, number, own } of findRows(this.#access.read(), [...noted.keys()])) {
      const announcement = noted.get(number);
      // Corrected since: that is noted as well, and comes next.
      if (!announcement || announcement.state !== messageStateCode(row.state)) continue;
      const { lanes, events } = await this.#addressed(settings, row, own, subscribers);
      for (const lane of lanes) {
        const known = byLane.get(lane) ?? [];
        byLane.set(lane, known);
        for (const event of events) known.push([announcement, event]);
      }
    }
    return byLane;
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

/** A message may be several events: one a part, in Vonage's words. */
const uniqueOf = (told: readonly Told[]): readonly Announcement[] => [...new Set(told.map(([announcement]) => announcement))];
