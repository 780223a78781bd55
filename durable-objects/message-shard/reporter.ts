/** Tells the task and D1 what the shard's totals are: seldom while they change, and always after the last change. The ledger hears of them in allowance.ts. */
import type { Gateways } from '../../workers/gateways';
import type { CarrierCell, ReasonCell, TotalsCell } from '../../schema/reports';
import { writeTotals } from '../../workers/gateways/stores/write-totals';
import type { StateAccess } from './outbox';
import type { ShardState } from './shard-state';
import { carrierCells, reportCells } from './report-cells';
import { isDone, totalsOf } from './totals';

const REPORT_EVERY_MS = 1_000;
const WRITE_EVERY_MS = 5_000;

type Cell = TotalsCell | ReasonCell | CarrierCell;

function nameOf(cell: Cell): string {
  if ('account' in cell) return `${cell.account} ${cell.at} ${cell.country}`;
  return `${cell.span} ${cell.at} ${cell.country} ${cell.sender} ${'state' in cell ? `${cell.state} ${cell.error}` : ''}`;
}
function valueOf(cell: Cell): string {
  if ('account' in cell) return [cell.waiting, cell.unreceipted, cell.sent, cell.delivered, cell.missed, ...cell.lags].join(' ');
  return 'state' in cell ? String(cell.messages) : `${cell.messages.join(' ')} ${cell.parts} ${cell.costMicros}`;
}

export class Reporter {
  readonly #gateways: Pick<Gateways, 'database' | 'objects'>;
  readonly #access: StateAccess;
  #reportedAt = 0;
  #writtenAt = 0;
  /** What D1 holds, as far as this instance knows: unchanged cells are not written again. */
  readonly #written = new Map<string, string>();

  constructor(gateways: Pick<Gateways, 'database' | 'objects'>, access: StateAccess) {
    this.#gateways = gateways;
    this.#access = access;
  }

  dueAt(state: ShardState, now: number): number | null {
    const { startedAt } = state.progress;
    if (startedAt === null || !state.settings) return null;
    const times: number[] = [];
    // The end of a shard is told at once: the next one of the task waits for it.
    const soon = isDone(state) ? now : null;
    if (state.settings.task !== null && state.version > state.progress.reported) times.push(soon ?? this.#reportedAt + REPORT_EVERY_MS);
    if (state.version > state.progress.written) times.push(this.#writtenAt + WRITE_EVERY_MS);
    return times.length === 0 ? null : Math.max(now, Math.min(...times));
  }

  async report(now: number): Promise<void> {
    await this.#tellTask(now);
    await this.#writeTotals(now);
  }

  async #tellTask(now: number): Promise<void> {
    const state = this.#access.read();
    const { settings, progress } = state;
    if (!settings?.task || progress.startedAt === null || state.version <= progress.reported) return;
    if (!isDone(state) && now < this.#reportedAt + REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    const totals = totalsOf(state);
    await this.#gateways.objects.taskRun(settings.task).report(settings.shard, totals);
    this.#access.change((later) => later.advance({ reported: Math.max(later.progress.reported, totals.version) }));
  }

  async #writeTotals(now: number): Promise<void> {
    const state = this.#access.read();
    const { settings, progress, version } = state;
    if (!settings || progress.startedAt === null || version <= progress.written || now < this.#writtenAt + WRITE_EVERY_MS) return;
    this.#writtenAt = now;
    const isNews = (cell: Cell): boolean => this.#written.get(nameOf(cell)) !== valueOf(cell);
    const cells = reportCells(state);
    const totals = cells.totals.filter(isNews);
    const reasons = cells.reasons.filter(isNews);
    // Nobody watches what reaches nobody.
    const carriers = settings.test ? [] : carrierCells(state).filter(isNews);
    await writeTotals(this.#gateways.database, settings.tenant, settings.shard, { totals, reasons, carriers });
    for (const cell of [...totals, ...reasons, ...carriers]) this.#written.set(nameOf(cell), valueOf(cell));
    this.#access.change((later) => later.advance({ written: Math.max(later.progress.written, version) }));
  }
}
