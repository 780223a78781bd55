/** The check of the uploaded file: which step it is at, which ranges wait in the queue, what they found. */
import { taskReference } from '../../schema/storage-keys';
import type { ShardNumber } from '../../schema/ids';
import type { CheckJob } from '../../schema/jobs';
import { CHECK_STEP_TRIES, RANGES_IN_FLIGHT, RANGE_STUCK_MS, RANGE_UNBEGUN_MS } from '../../schema/limits';
import type { CheckPlan, CheckTerms, PlannedRange, RangeResult, SourceFile } from '../../schema/protocol/task-run';
import type { Queues } from '../../workers/gateways/queues';
import { NO_CHECK, type CheckRecord, type OpenRange, type RunRecord, type RunStore } from './record';
import { addRangeResults } from './totals';

type Step = 'unpack' | 'split';
const STEP_IN = { unpacking: 'unpack', splitting: 'split' } as const;

export class FileCheck {
  readonly #store: RunStore;
  readonly #queues: Pick<Queues, 'checks'>;
  /** This instance has seen its queue messages go out or come back. A new one (after a crash, which may have taken the local queue with it) has not. */
  #warm = false;

  constructor(store: RunStore, queues: Pick<Queues, 'checks'>) {
    this.#store = store;
    this.#queues = queues;
  }

  async begin(record: RunRecord, now: number): Promise<void> {
    const check: CheckRecord = { ...NO_CHECK, phase: 'unpacking', startedAt: now, heardAt: now };
    this.#store.change(record, { state: 'checking', refusal: null, check });
    await this.#queueStep('unpack');
  }

  /** Whoever asks begins: from now on silence is suspicious. */
  plan(revision: number, n: number | undefined, now: number): CheckPlan | null {
    const record = this.#current(revision);
    if (!record) return null;
    const range = n === undefined ? null : this.#store.range(n);
    if (n !== undefined && (range === null || range.done)) return null;
    if (n === undefined) this.#store.write({ ...record, check: { ...record.check, begun: true, heardAt: now } });
    else this.#store.beginRange(n, now);
    const { source, columns, hasHeader, prices, mainlandClosed = false, countries = null } = record.check;
    const terms: CheckTerms = { prices, mainlandClosed, countries };
    return { settings: record.settings, revision, shards: this.#store.shards(), source, range, columns, hasHeader, ...terms };
  }

  progress(revision: number, phase: 'unpacking' | 'splitting', bytesDone: number, bytesTotal: number, now: number): void {
    const record = this.#current(revision);
    if (!record || record.check.phase !== phase) return;
    this.#store.write({ ...record, check: { ...record.check, bytesDone, bytesTotal, heardAt: now, retries: 0 } });
  }

  async unpacked(revision: number, source: SourceFile, now: number): Promise<void> {
    const record = this.#current(revision);
    if (!record || record.check.phase !== 'unpacking') return;
    const check: CheckRecord = {
      ...record.check,
      phase: 'splitting',
      source,
      bytesDone: 0,
      bytesTotal: source.size,
      heardAt: now,
      begun: false,
      retries: 0,
    };
    this.#store.write({ ...record, check });
    await this.#queueStep('split');
  }

  checkpoint(revision: number): { scanner: string | null; ranges: number } {
    const check = this.#current(revision)?.check ?? NO_CHECK;
    return { scanner: check.scanner, ranges: check.ranges };
  }

  rangesFound(revision: number, from: number, ranges: readonly PlannedRange[], scanner: string, now: number): void {
    this.#store.transaction(() => {
      const record = this.#current(revision);
      if (!record || record.check.phase !== 'splitting' || record.check.ranges !== from) return;
      this.#store.addRanges(from, ranges);
      const bytesDone = ranges.at(-1)?.end ?? record.check.bytesDone;
      this.#store.write({
        ...record,
        check: { ...record.check, scanner, ranges: from + ranges.length, bytesDone, heardAt: now, retries: 0 },
      });
    });
  }

  async splitDone(
    revision: number,
    found: Pick<CheckRecord, 'columns' | 'hasHeader'> & CheckTerms,
    shards: readonly ShardNumber[],
    now: number,
  ): Promise<void> {
    this.#store.transaction(() => {
      const record = this.#current(revision);
      if (!record || record.check.phase !== 'splitting') return;
      this.#store.addShards(shards);
      this.#store.write({ ...record, check: { ...record.check, ...found, phase: 'reading', bytesDone: 0, heardAt: now } });
    });
    await this.fill(now);
  }

  /** @returns true when this was the last range. */
  async rangeDone(revision: number, n: number, result: RangeResult, now: number): Promise<boolean> {
    const last = this.#store.transaction(() => {
      const record = this.#current(revision);
      if (!record || record.check.phase !== 'reading' || !this.#store.finishRange(n)) return false;
      const range = this.#store.range(n);
      const check: CheckRecord = {
        ...record.check,
        rangesDone: record.check.rangesDone + 1,
        bytesDone: record.check.bytesDone + (range ? range.end - range.start : 0),
        totals: addRangeResults(record.check.totals, result),
      };
      const done = check.rangesDone === check.ranges;
      if (done && check.totals.rows === 0) this.#refuse(record, 'file_empty', {}, now);
      else if (done) this.#store.change(record, { state: 'checked', check: { ...check, phase: 'done', finishedAt: now } });
      else this.#store.change(record, { check });
      return done;
    });
    if (!last) await this.fill(now);
    return last;
  }

  refuse(revision: number, code: string, details: Readonly<Record<string, string | number>>, now: number): void {
    this.#store.transaction(() => {
      const record = this.#current(revision);
      if (record) this.#refuse(record, code, details, now);
    });
  }

  /** Keeps RANGES_IN_FLIGHT ranges in the queue. */
  async fill(now: number): Promise<void> {
    this.#warm = true;
    await this.#queueRanges(this.#store.takeRanges(RANGES_IN_FLIGHT, now));
  }

  /** Queues again what has not come back for too long; a repeat of a step changes nothing. */
  async requeueStuck(now: number): Promise<void> {
    const record = this.#store.record;
    if (record?.state !== 'checking') return;
    const begunBefore = this.#warm ? now - RANGE_STUCK_MS : now;
    const queuedBefore = this.#warm ? now - RANGE_UNBEGUN_MS : now;
    this.#warm = true;
    const { phase, heardAt, begun = false } = record.check;
    if (phase === 'unpacking' || phase === 'splitting') {
      if (heardAt > (begun ? begunBefore : queuedBefore)) return;
      const retries = (record.check.retries ?? 0) + (begun ? 1 : 0);
      if (retries > CHECK_STEP_TRIES) return this.refuse(record.revision, 'server_error', {}, now);
      this.#store.write({ ...record, check: { ...record.check, heardAt: now, begun: false, retries } });
      await this.#queueStep(STEP_IN[phase]);
    }
    if (phase !== 'reading') return;
    const again = this.#store.retakeRanges(begunBefore, queuedBefore, now);
    if (this.#store.mostRetries() > CHECK_STEP_TRIES) return this.refuse(record.revision, 'server_error', {}, now);
    await this.#queueRanges(again);
    await this.fill(now);
  }

  #refuse(record: RunRecord, code: string, details: Readonly<Record<string, string | number>>, now: number): void {
    const { task } = record.settings;
    this.#store.dropCheck(taskReference(task, record.revision), record.revision);
    const check: CheckRecord = { ...record.check, phase: 'done', finishedAt: now };
    this.#store.change(record, { state: 'refused', refusal: { code, details }, check });
  }

  #current(revision: number): RunRecord | null {
    const { record } = this.#store;
    return record?.state === 'checking' && record.revision === revision ? record : null;
  }

  async #queueStep(step: Step): Promise<void> {
    this.#warm = true;
    await this.#queues.checks([{ step, ...this.#scope() }]);
  }

  async #queueRanges(taken: readonly OpenRange[]): Promise<void> {
    if (taken.length === 0) return;
    const scope = this.#scope();
    try {
      await this.#queues.checks(taken.map(({ n, start, end }) => ({ step: 'range', ...scope, range: n, start, end })));
    } catch (thrown) {
      this.#store.untakeRanges(taken);
      throw thrown;
    }
  }

  #scope(): Pick<CheckJob, 'tenant' | 'task' | 'revision'> {
    const { record } = this.#store;
    if (!record) throw new Error('a check belongs to a task');
    return { tenant: record.settings.tenant, task: record.settings.task, revision: record.revision };
  }
}
