/**
 * One per task: its state, the ranges of its file, which shards work, its totals. An object, because "paused" must be true
 * everywhere at once and every count must be added exactly once. An eviction loses nothing: a verb writes before it answers, and
 * what others must still be told is a row until they know. (In memory: the sending rate that the console shows.)
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { CarrierAccountId, ShardNumber } from '../schema/ids';
import { taskReference } from '../schema/storage-keys';
import type { ShardTotals } from '../schema/protocol/message-shard';
import type {
  CheckPlan,
  CheckTerms,
  PlannedRange,
  RangeResult,
  SourceFile,
  TaskContent,
  TaskRunApi,
  TaskSettings,
  TaskSnapshot,
  TransitionOutcome,
} from '../schema/protocol/task-run';
import type { TaskAction } from '../schema/states';
import { makeGateways, type Gateways } from '../workers/gateways';
import { hindranceOf } from '../workers/gateways/task-hindrance';
import { FileCheck } from './task-run/file-check';
import { Outbox } from './task-run/outbox';
import { newRecord, NO_CHECK, RunStore, type RunRecord } from './task-run/record';
import { SendRate } from './task-run/send-rate';
import { ShardOrders } from './task-run/shard-orders';
import { movedOn } from './task-run/totals';
import { allows, cancelled, confirmed, resumed } from './task-run/transitions';

/** How often a task that is being checked, or sent, looks after itself. */
const CHECK_LOOK_MS = 10_000;
const SEND_LOOK_MS = 30_000;
/** A working shard that has said nothing for this long is asked. One that is stopped before it began says nothing by itself. */
const SILENT_SHARD_MS = 60_000;
const STOPPING_SHARD_MS = 2_000;
/** What could not be delivered is tried again after this long. */
const RETRY_MS = 1_000;
const ALARM_SLACK_MS = 5_000;

const silenceOf = ({ state }: RunRecord): number => (state === 'stopping' ? STOPPING_SHARD_MS : SILENT_SHARD_MS);

/** Nobody could say whether the task may send: it is asked again at the next look, and all else is looked after meanwhile. */
const logUnanswered = (thrown: unknown): void =>
  console.error(JSON.stringify({ task: 'hindrance', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));

export class TaskRun extends DurableObject<Env> implements TaskRunApi {
  readonly #gateways: Gateways;
  readonly #store: RunStore;
  readonly #check: FileCheck;
  readonly #orders: ShardOrders;
  readonly #outbox: Outbox;
  readonly #rate = new SendRate();
  #working: Promise<void> | null = null;
  #workAgain = false;
  #alarmAt: number | null = null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#gateways = makeGateways(env);
    this.#store = new RunStore(state.storage);
    this.#check = new FileCheck(this.#store, this.#gateways.queues);
    this.#orders = new ShardOrders(this.#store, this.#gateways.objects);
    this.#outbox = new Outbox(this.#store, this.#gateways);
  }

  async create(settings: TaskSettings): Promise<void> {
    const known = this.#store.record;
    if (known && (known.settings.tenant !== settings.tenant || known.settings.createdAt !== settings.createdAt)) {
      throw new Error('this task id is taken');
    }
    if (!known) {
      this.#store.write(newRecord(settings));
    }
    await this.#finishTurn();
  }

  edit(content: TaskContent, carrierAccount: CarrierAccountId, test: boolean): Promise<TransitionOutcome> {
    return this.#act('edit', (record) => {
      this.#store.dropCheck(taskReference(record.settings.task, record.revision), record.revision);
      return {
        settings: { ...record.settings, ...content, carrierAccount, test },
        state: 'draft',
        revision: record.revision + 1,
        refusal: null,
        startsAt: null,
        confirmedAt: null,
        check: NO_CHECK,
      };
    });
  }

  async check(): Promise<TransitionOutcome> {
    const { record } = this.#store;
    if (record?.state === 'checking') return { ok: true, state: 'checking' };
    if (record?.state !== 'draft' || record.settings.upload === null) return { ok: false, state: record?.state ?? 'draft' };
    await this.#wakeAt(Date.now() + CHECK_LOOK_MS);
    await this.#check.begin(record, Date.now());
    await this.#finishTurn();
    return { ok: true, state: 'checking' };
  }

  async plan(revision: number, range?: number): Promise<CheckPlan | null> {
    return this.#check.plan(revision, range, Date.now());
  }

  async progress(revision: number, phase: 'unpacking' | 'splitting', bytesDone: number, bytesTotal: number): Promise<void> {
    this.#check.progress(revision, phase, bytesDone, bytesTotal, Date.now());
  }

  async unpacked(revision: number, source: SourceFile): Promise<void> {
    await this.#check.unpacked(revision, source, Date.now());
  }

  async splitCheckpoint(revision: number): Promise<{ scanner: string | null; ranges: number }> {
    return this.#check.checkpoint(revision);
  }

  async rangesFound(revision: number, from: number, ranges: readonly PlannedRange[], scanner: string): Promise<void> {
    this.#check.rangesFound(revision, from, ranges, scanner, Date.now());
  }

  async splitDone(
    revision: number,
    columns: readonly string[],
    hasHeader: boolean,
    shards: readonly ShardNumber[],
    terms: CheckTerms,
  ): Promise<void> {
    await this.#check.splitDone(revision, { columns, hasHeader, ...terms }, shards, Date.now());
  }

  async rangeDone(revision: number, range: number, result: RangeResult): Promise<void> {
    const last = await this.#check.rangeDone(revision, range, result, Date.now());
    if (last) await this.#finishTurn();
    else await this.#scheduleNext();
  }

  async refuse(revision: number, code: string, details: Readonly<Record<string, string | number>>): Promise<void> {
    this.#check.refuse(revision, code, details, Date.now());
    await this.#finishTurn();
  }

  confirm(startsAt: number | null, revision: number): Promise<TransitionOutcome> {
    return this.#act('confirm', (record) =>
      record.revision === revision && record.check.totals.valid > 0 ? confirmed(startsAt, Date.now()) : null,
    );
  }

  pause(): Promise<TransitionOutcome> {
    return this.#act('pause', () => ({ state: 'paused' }));
  }

  resume(): Promise<TransitionOutcome> {
    return this.#act('resume', (record) => resumed(record, Date.now()));
  }

  stop(): Promise<TransitionOutcome> {
    return this.#act('stop', () => ({ state: 'stopping' }));
  }

  cancel(): Promise<TransitionOutcome> {
    return this.#act('cancel', (record) => {
      this.#store.dropCheck(taskReference(record.settings.task, record.revision), record.revision);
      return cancelled(Date.now());
    });
  }

  async report(shard: ShardNumber, totals: ShardTotals): Promise<void> {
    const { record } = this.#store;
    const news = record && this.#orders.note(shard, totals, Date.now());
    if (!news) return;
    const { sending } = this.#orders.sums();
    const moved = movedOn(sending.byState);
    // A receipt that came after the end may have made it cheaper.
    if (record.endedAt !== null) this.#store.addSettlement(taskReference(record.settings.task, record.revision), sending.costMicros);
    // What a stop cancels has not left.
    const isAway = record.startedAt !== null && record.state !== 'stopping' && moved >= record.check.totals.valid;
    this.#store.change(record, isAway ? { submittedAt: record.submittedAt ?? Date.now() } : {});
    this.#rate.add(moved, Date.now());
    if (!totals.done && !news.makesRoom) return this.#scheduleNext();
    // Not waited for: the shard may be answering an order of ours right now, and we would wait for each other. The alarm is set before.
    await this.#wakeAt(Date.now() + RETRY_MS);
    this.ctx.waitUntil(this.#finishTurn().catch(() => undefined));
  }

  async snapshot(): Promise<TaskSnapshot | null> {
    const { record } = this.#store;
    if (!record) return null;
    const { sending, shards, shardsDone } = this.#orders.sums();
    const { phase, bytesDone, bytesTotal, startedAt, finishedAt, columns, totals } = record.check;
    return {
      settings: record.settings,
      state: record.state,
      revision: record.revision,
      refusal: record.refusal,
      hindrance: record.hindrance ?? null,
      startsAt: record.startsAt,
      confirmedAt: record.confirmedAt,
      startedAt: record.startedAt,
      submittedAt: record.submittedAt ?? null,
      endedAt: record.endedAt,
      check: { phase, bytesDone, bytesTotal, startedAt, finishedAt, columns, totals },
      sending: { ...sending, shards, shardsDone, perSecond: record.state === 'running' ? this.#rate.perSecond(Date.now()) : 0 },
    };
  }

  async shards(): Promise<readonly ShardNumber[]> {
    return this.#store.shards();
  }

  async fillEnded(
    settings: TaskSettings,
    startedAt: number,
    endedAt: number,
    columns: readonly string[],
    totals: RangeResult,
    shards: readonly ShardNumber[],
  ): Promise<void> {
    if (this.env.ENVIRONMENT !== 'local') throw new Error('only a local platform is filled');
    const check = { ...NO_CHECK, phase: 'done', startedAt, finishedAt: startedAt, columns, totals } as const;
    const over = { state: 'finished', revision: 1, refusal: null, startsAt: null, confirmedAt: startedAt, startedAt, endedAt } as const;
    this.#store.write({ settings, ...over, marked: true, check, version: 1, publishedVersion: 0 });
    this.#store.addShards(shards);
    await this.#finishTurn();
  }

  async wake(): Promise<void> {
    await this.#look();
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    await this.#look();
  }

  /** One action of the user: refused, or written and then delivered to everybody concerned before it returns. */
  async #act(action: TaskAction, changes: (record: RunRecord) => Partial<RunRecord> | null): Promise<TransitionOutcome> {
    const outcome = this.#store.transaction((): TransitionOutcome => {
      const { record } = this.#store;
      if (!record) return { ok: false, state: 'draft' };
      const next = allows(record, action) ? changes(record) : null;
      if (next === null) return { ok: false, state: record.state };
      return { ok: true, state: this.#store.change(record, { hindrance: null, ...next }).state };
    });
    if (outcome.ok) await this.#finishTurn();
    return outcome;
  }

  /** What time alone brings about: the start that was set, and help for whatever is stuck. */
  async #look(): Promise<void> {
    const now = Date.now();
    await this.#wakeAt(now + SEND_LOOK_MS);
    await this.#startOrPause(now).catch(logUnanswered);
    const { record } = this.#store;
    if (!record) return;
    await this.#check.requeueStuck(now);
    if (record.startedAt !== null && record.endedAt === null) await this.#orders.ask(now - silenceOf(record), now);
    await this.#finishTurn();
  }

  /** The start that was set; and a pause, where the task may not send any more. */
  async #startOrPause(now: number): Promise<void> {
    const { record } = this.#store;
    const isDue = record?.state === 'scheduled' && record.startsAt !== null && record.startsAt <= now;
    if (!record || (!isDue && record.state !== 'running')) return;
    const hindrance = await hindranceOf(this.#gateways, record.settings);
    const current = this.#store.record;
    // Its user may have been faster.
    if (current?.state !== record.state || current.revision !== record.revision) return;
    if (hindrance !== null) this.#store.change(current, { state: 'paused', hindrance });
    else if (isDue) this.#store.change(current, { state: 'running', startedAt: now });
  }

  /** Delivers what is pending. The alarm is set first, so that a crash on the way is repaired. */
  async #finishTurn(): Promise<void> {
    await this.#wakeAt(Date.now() + RETRY_MS);
    await this.#work();
    await this.#scheduleNext();
  }

  /** One delivery at a time: an order given to a shard must not overtake the one before it. */
  #work(): Promise<void> {
    this.#workAgain = true;
    this.#working ??= this.#workOff().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  async #workOff(): Promise<void> {
    while (this.#workAgain) {
      this.#workAgain = false;
      await this.#outbox.markShards();
      await this.#orders.deliver();
      this.#endWhenDone();
      await this.#outbox.publish(() => this.#orders.sums().sending, Date.now());
      await this.#outbox.settle();
      await this.#outbox.discard();
    }
  }

  #endWhenDone(): void {
    this.#store.transaction(() => {
      const { record } = this.#store;
      if (!record || record.startedAt === null || record.endedAt !== null || !this.#orders.allDone()) return;
      this.#store.addSettlement(taskReference(record.settings.task, record.revision), this.#orders.sums().sending.costMicros);
      this.#store.change(record, { state: record.state === 'stopping' ? 'stopped' : 'finished', endedAt: Date.now() });
    });
  }

  /** Sets the alarm for whatever comes next; an alarm that is only a little early stays, so that busy turns do not rewrite it. */
  async #scheduleNext(): Promise<void> {
    const now = Date.now();
    const times = [this.#outbox.publishDueAt(now), this.#outbox.isEmpty() ? null : now + RETRY_MS, this.#nextLookAt(now)];
    const next = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(next)) {
      this.#alarmAt = null;
      await this.ctx.storage.deleteAlarm();
    } else if (this.#alarmAt === null || this.#alarmAt > next || this.#alarmAt < next - ALARM_SLACK_MS) {
      this.#alarmAt = next;
      await this.ctx.storage.setAlarm(next);
    }
  }

  #nextLookAt(now: number): number | null {
    const { record } = this.#store;
    if (!record || record.endedAt !== null) return null;
    if (record.state === 'checking') return now + CHECK_LOOK_MS;
    if (record.state === 'scheduled') return record.startsAt !== null && record.startsAt > now ? record.startsAt : now + RETRY_MS;
    return record.startedAt === null ? null : now + Math.min(SEND_LOOK_MS, silenceOf(record));
  }

  /** Makes sure of an alarm at `at` or before. */
  async #wakeAt(at: number): Promise<void> {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }
}
