/** Rows of a shard as csv lines, oldest first, from wherever the last call stopped. */
import { encodeMessageId } from '../../schema/message-id';
import type { LineFormat, ShardFilter, ShardSettings } from '../../schema/protocol/message-shard';
import { messageStateCode, STATE_CODES } from '../../schema/states';
import { count } from '../../workers/gateways/meter';
import { giveBack } from '../../workers/rules/given-back';
import { LogLines, type FilledTemplate } from '../../workers/rules/log-lines';
import { TemplateCells } from '../../workers/rules/template-cells';
import { bindTemplate, parseTemplate } from '../../workers/rules/text-variables';
import { contentOf } from './claim';
import { stateOf } from './message-records';
import { conditionOf, ROWS_LOOKED_AT } from './read';
import type { ShardState } from './shard-state';

/** An answer of a call may have 32 MiB; bodies of 3,200 characters fill it with few rows. */
const BYTES_MAX = 24 * 1024 * 1024;
const ACCEPTED = messageStateCode('accepted');

/** Read by place and not taken apart: that alone is a tenth of the time. */
type Stored = [
  row: number,
  recipient: number,
  classAndState: number,
  error: string | null,
  network: string | null,
  finalAt: number | null,
  content?: string | null,
  acceptedAt?: number | null,
];

/** Of the last lines that were made here: the next buffer is as large as it will have to be. */
let bytesPerRow = 256;

/** What the last call of this isolate answered: on its way as a copy since then. */
let answered: Uint8Array = new Uint8Array();

export interface ExportedLines {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly next: number | null;
}

export function exportLines(state: ShardState, filter: ShardFilter, after: number, maxRows: number, format: LineFormat): ExportedLines {
  const condition = conditionOf(state, filter);
  const { settings, progress } = state;
  giveBack(answered);
  if (!condition || !settings) return { bytes: new Uint8Array(), rows: 0, next: null };
  const { shard, task, taskName, key, traffic: kind } = settings;
  const lines = new LogLines({ task, taskName, key, kind }, format, Math.min(BYTES_MAX, maxRows * bytesPerRow));
  const until = after + ROWS_LOOKED_AT;
  const constant = constantContent(settings);
  const more = settings.origin === 'api' ? ', content, accepted_at' : constant ? '' : ', content';
  // Class and state in one number: each column that is read costs as much as formatting several.
  const cursor = state.sql.exec(
    `SELECT row, recipient, class * ${STATE_CODES} + state, error, network, final_at${more} FROM messages
     WHERE row > ? AND row <= ? AND ${condition.where} ORDER BY row LIMIT ?`,
    after,
    until,
    ...condition.bindings,
    maxRows,
  );
  const filled = settings.origin === 'task' ? new FilledText(settings) : null;
  const waiting = waitingRows(state);
  const receivedAt = progress.startedAt ?? 0;
  let rows = 0;
  let last = after;
  for (const stored of cursor.raw() as Iterable<Stored>) {
    const row = stored[0];
    const code = stored[2] % STATE_CODES;
    const content = stored[6] ?? null;
    const { text, from } = constant ?? (filled && content !== null ? filled.with(content) : contentOf(settings, content));
    const isQueued = code === ACCEPTED && row <= progress.releasedTo && !waiting.has(row);
    lines.add({
      id: encodeMessageId(shard, row),
      receivedAt: stored[7] ?? receivedAt,
      finalAt: stored[5],
      lineClass: state.classes.of((stored[2] - code) / STATE_CODES),
      from,
      to: String(stored[1]),
      state: isQueued ? 'queued' : stateOf(code),
      error: stored[3],
      network: stored[4],
      body: text,
    });
    rows += 1;
    last = row;
    if (lines.length > BYTES_MAX) break;
  }
  count('objectRowsRead', cursor.rowsRead);
  if (rows > 0) bytesPerRow = Math.ceil(lines.length / rows) + 1;
  const stoppedEarly = rows === maxRows || lines.length > BYTES_MAX;
  const reached = stoppedEarly ? last : until;
  answered = lines.take();
  return { bytes: answered, rows, next: reached >= state.lastRow ? null : reached };
}

/** The text of a task's rows, one after the other. */
class FilledText implements FilledTemplate {
  readonly cells: TemplateCells;
  readonly #settings: ShardSettings;
  #content = '[]';
  #values: readonly string[] = [];

  constructor(settings: ShardSettings) {
    this.#settings = settings;
    this.cells = new TemplateCells(bindTemplate(parseTemplate(settings.text), settings.columns));
  }

  get values(): readonly string[] {
    return this.#values;
  }

  with(content: string): { readonly text: FilledTemplate; readonly from: string } {
    this.#content = content;
    this.#values = JSON.parse(content) as string[];
    return { text: this, from: this.#settings.sender };
  }

  text(): string {
    return contentOf(this.#settings, this.#content).text;
  }
}

/** Text and sender of all rows of a task whose text has no variables; null where rows differ. */
export function constantContent(settings: ShardSettings): ReturnType<typeof contentOf> | null {
  return settings.origin === 'task' && parseTemplate(settings.text).names.length === 0 ? contentOf(settings, null) : null;
}

function waitingRows(state: ShardState): ReadonlySet<number> {
  if (state.waits.retries.waiting === 0) return new Set();
  return new Set(state.waits.rowsWaiting());
}
