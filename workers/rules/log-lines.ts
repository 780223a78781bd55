/**
 * The log as csv: its columns, and a writer that makes millions of lines as bytes. What repeats from line to line (task, country, state,
 * price, an unchanging body) is encoded once and copied; only numbers, times and personal texts are written anew.
 */
import type { Iso2, KeyId, TaskId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES, type MessageState, type TrafficKind } from '../../schema/states';
import { countryName } from './countries';
import { csvLine, encodeCsvRows } from './csv';
import type { FileColumn } from './file-columns';
import { giveBack } from './given-back';
import { formatLocal } from './local-time';
import { maskedBody } from './masking';
import { decimalMoney } from './money';
import { maskDigits } from './phone';
import type { TemplateCells } from './template-cells';
import { messageErrorText } from './vonage-status';

/** In the order of the file; product "Log query". */
export const LOG_COLUMNS: readonly FileColumn[] = [
  { 'zh-CN': '任务ID', en: 'Task ID' },
  { 'zh-CN': '任务名称', en: 'Task name' },
  { 'zh-CN': '短信ID', en: 'Message ID' },
  { 'zh-CN': '锦木Key', en: 'Key' },
  { 'zh-CN': '接收时间', en: 'Time received' },
  { 'zh-CN': '状态报告时间', en: 'Time of receipt' },
  { 'zh-CN': '国家/地区代码', en: 'Country code' },
  { 'zh-CN': '国家/地区（英文）', en: 'Country (en)' },
  { 'zh-CN': '国家/地区（中文）', en: 'Country (zh)' },
  { 'zh-CN': 'FROM', en: 'From' },
  { 'zh-CN': '手机号码', en: 'To', cells: 'digits' },
  { 'zh-CN': '状态', en: 'Status' },
  { 'zh-CN': '错误代码', en: 'Error code' },
  { 'zh-CN': '错误说明', en: 'Error text' },
  { 'zh-CN': '网络', en: 'Network' },
  { 'zh-CN': '计费条数', en: 'Parts', cells: 'number' },
  { 'zh-CN': '价格', en: 'Price', cells: 'number' },
  { 'zh-CN': '币种', en: 'Currency' },
  { 'zh-CN': '类型', en: 'Kind' },
  { 'zh-CN': '内容', en: 'Body' },
];

export const LOG_CURRENCY = 'EUR';
const encoder = new TextEncoder();

/** What all lines of one shard share. */
export interface SharedColumns {
  readonly task: TaskId | null;
  readonly taskName: string | null;
  readonly key: KeyId;
  readonly kind: TrafficKind;
}

/** Country, parts and price of many rows: the same object for the same values, so that its bytes are found again. */
export interface LineClass {
  readonly country: Iso2;
  readonly parts: number;
  /** Micro-EUR of the whole message. */
  readonly price: number;
}

const START_BYTES = 1 << 20;
const FREE: ReadonlySet<MessageState> = new Set(FREE_MESSAGE_STATES);
/** Id and number with their commas. */
const PLAIN_BYTES = 64;
const COMMA = 0x2c;
/** Texts of others (senders, networks) that are remembered in their encoded form. */
const REMEMBERED_MAX = 10_000;

/** Cells in the form of the file, with the comma behind each. */
const cells = (...fields: readonly string[]): Uint8Array => encoder.encode(`${csvLine(fields).slice(0, -2)},`);
const EMPTY_CELL = Uint8Array.of(COMMA);
const LINE_END = Uint8Array.of(0x0d, 0x0a);

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What a line says, in the order in which it is written. */
export interface LogLine {
  /** ASCII. */
  readonly id: string;
  readonly receivedAt: number;
  readonly finalAt: number | null;
  readonly lineClass: LineClass;
  readonly from: string;
  /** E.164 digits. */
  readonly to: string;
  readonly state: MessageState;
  readonly error: string | null;
  readonly network: string | null;
  readonly body: string;
}

/** In place of a body: the template that all rows of a task share, and what it is filled with. */
export interface FilledTemplate {
  readonly cells: TemplateCells;
  readonly values: readonly string[];
  /** The same as a text, for what the cells cannot write. */
  text(): string;
}

interface ClassBytes {
  readonly country: Uint8Array;
  /** Parts, what it costs (nothing when it never reached the carrier), currency and kind. */
  readonly price: Uint8Array;
  readonly free: Uint8Array;
  /** Country and sender together, by sender. */
  readonly bySender: Map<string, Uint8Array>;
  /** State, error, network and price together, by state, error and network. */
  readonly byState: Map<MessageState, Map<string | null, Map<string | null, Uint8Array>>>;
}

export class LogLines {
  readonly #format: LineFormat;
  readonly #task: Uint8Array;
  readonly #key: Uint8Array;
  readonly #kind: TrafficKind;
  readonly #classes = new Map<LineClass, ClassBytes>();
  readonly #startBytes: number;
  #buffer = new Uint8Array();
  #end = 0;
  #receivedAt = Number.NaN;
  /** Key and time received. */
  #received: Uint8Array = EMPTY_CELL;
  #finalSecond = Number.NaN;
  #final: Uint8Array = EMPTY_CELL;
  #bodyText: string | null = null;
  #body: Uint8Array | null = null;

  /** @param startBytes as many as the lines will take, if somebody knows: a buffer that grows is copied each time */
  constructor(shared: SharedColumns, format: LineFormat, startBytes = START_BYTES) {
    this.#startBytes = startBytes;
    this.#format = format;
    this.#task = cells(shared.task ?? '', shared.taskName ?? '');
    this.#key = cells(shared.key);
    this.#kind = shared.kind;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#end;
  }

  add({
    id,
    receivedAt,
    finalAt,
    lineClass,
    from,
    to,
    state,
    error,
    network,
    body,
  }: Omit<LogLine, 'body'> & { body: string | FilledTemplate }): void {
    const bytes = this.#classBytes(lineClass);
    const received = this.#receivedBytes(receivedAt);
    const final = finalAt === null ? EMPTY_CELL : this.#finalBytes(finalAt);
    const origin = bytes.bySender.get(from) ?? this.#originBytes(bytes, from);
    const outcome = bytes.byState.get(state)?.get(error)?.get(network) ?? this.#outcomeBytes(bytes, state, error, network);
    this.#makeRoom(this.#task.length + received.length + final.length + origin.length + outcome.length + PLAIN_BYTES);
    this.#copy(this.#task);
    this.#plain(id);
    this.#copy(received);
    this.#copy(final);
    this.#copy(origin);
    if (this.#format.maskNumbers) this.#copy(cells(maskDigits(to)));
    else this.#plain(to);
    this.#copy(outcome);
    if (typeof body === 'string') this.#writeBody(body);
    else if (this.#format.maskBodies || !this.#writeFilled(body)) this.#writeBody(body.text());
  }

  /** The lines, and the buffer with them. */
  take(): Uint8Array {
    const bytes = new Uint8Array(this.#buffer.buffer.transfer(this.#end));
    this.#buffer = new Uint8Array();
    this.#end = 0;
    return bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#startBytes, this.#buffer.length * 2, this.#end + bytes));
    larger.set(this.#buffer.subarray(0, this.#end));
    giveBack(this.#buffer);
    this.#buffer = larger;
  }

  #copy(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** As #writeBody, where the template can. */
  #writeFilled({ cells: template, values }: FilledTemplate): boolean {
    this.#makeRoom(template.mostBytes(values) + LINE_END.length);
    const end = template.write(values, this.#buffer, this.#end);
    if (end < 0) return false;
    this.#end = end;
    this.#copy(LINE_END);
    return true;
  }

  /** The last cell and the end of the line. A body that comes again is copied. */
  #writeBody(shown: string): void {
    const body = this.#format.maskBodies ? maskedBody(shown, this.#kind) : shown;
    // A character takes three bytes at most, and a quote before it one more.
    this.#makeRoom(body.length * 4 + PLAIN_BYTES);
    if (body === this.#bodyText && this.#body) {
      this.#copy(this.#body);
      return;
    }
    const start = this.#end;
    this.#end = encodeCsvRows([[body]], this.#buffer, start).end;
    this.#body = body === this.#bodyText ? this.#buffer.slice(start, this.#end) : null;
    this.#bodyText = body;
  }

  /** Characters that need neither quotes nor an encoder. */
  #plain(text: string): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < text.length; at++) buffer[end++] = text.charCodeAt(at);
    buffer[end++] = COMMA;
    this.#end = end;
  }

  /** All rows of a task were received at one time. */
  #receivedBytes(at: number): Uint8Array {
    if (at !== this.#receivedAt) {
      this.#receivedAt = at;
      this.#received = joined(this.#key, cells(formatLocal(at, this.#format.timeZone)));
    }
    return this.#received;
  }

  /** Receipts come many a second. */
  #finalBytes(at: number): Uint8Array {
    const second = Math.floor(at / 1_000);
    if (second !== this.#finalSecond) {
      this.#finalSecond = second;
      this.#final = cells(formatLocal(at, this.#format.timeZone));
    }
    return this.#final;
  }

  #classBytes(lineClass: LineClass): ClassBytes {
    let bytes = this.#classes.get(lineClass);
    if (!bytes) {
      const { country, parts, price } = lineClass;
      bytes = {
        country: cells(country, countryName(country, 'en'), countryName(country, 'zh-CN')),
        price: cells(String(parts), decimalMoney(price), LOG_CURRENCY, this.#kind),
        free: cells(String(parts), decimalMoney(0), LOG_CURRENCY, this.#kind),
        bySender: new Map(),
        byState: new Map(),
      };
      this.#classes.set(lineClass, bytes);
    }
    return bytes;
  }

  #originBytes({ country, bySender }: ClassBytes, from: string): Uint8Array {
    const bytes = joined(country, cells(from));
    if (bySender.size >= REMEMBERED_MAX) bySender.clear();
    bySender.set(from, bytes);
    return bytes;
  }

  #outcomeBytes({ price, free, byState }: ClassBytes, state: MessageState, error: string | null, network: string | null): Uint8Array {
    const text = error === null ? '' : messageErrorText(error, this.#format.locale);
    const bytes = joined(cells(state, error ?? '', text, network ?? ''), FREE.has(state) ? free : price);
    let byError = byState.get(state);
    if (!byError) byState.set(state, (byError = new Map()));
    let byNetwork = byError.get(error);
    if (!byNetwork || byNetwork.size >= REMEMBERED_MAX) byError.set(error, (byNetwork = new Map()));
    byNetwork.set(network, bytes);
    return bytes;
  }
}
