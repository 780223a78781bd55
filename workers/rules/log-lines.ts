/**
 * The log as csv: its columns, and a writer that makes millions of lines as bytes. What repeats from line to line (task, country, state,
 * price, an unchanging body) is encoded once and copied; only numbers, times and personal texts are written anew.
 */
import type { Iso2, KeyId, TaskId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import type { Locale, MessageState, TrafficKind } from '../../schema/states';
import { countryName } from './countries';
import { csvLine } from './csv';
import { formatLocal } from './local-time';
import { decimalMoney } from './money';
import { maskDigits } from './phone';
import { messageErrorText } from './vonage-status';

/** In the order of the file; product "Log query". */
export const LOG_COLUMNS: readonly Readonly<Record<Locale, string>>[] = [
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
  { 'zh-CN': '手机号码', en: 'To' },
  { 'zh-CN': '状态', en: 'Status' },
  { 'zh-CN': '错误代码', en: 'Error code' },
  { 'zh-CN': '错误说明', en: 'Error text' },
  { 'zh-CN': '网络', en: 'Network' },
  { 'zh-CN': '计费条数', en: 'Parts' },
  { 'zh-CN': '价格', en: 'Price' },
  { 'zh-CN': '币种', en: 'Currency' },
  { 'zh-CN': '类型', en: 'Kind' },
  { 'zh-CN': '内容', en: 'Body' },
];

const CURRENCY = 'EUR';
const BOM = '\ufeff';
const encoder = new TextEncoder();

/** @param bom for Excel, which reads a file without it in the code page of the machine */
export const logHeader = (locale: Locale, bom: boolean): Uint8Array =>
  encoder.encode((bom ? BOM : '') + csvLine(LOG_COLUMNS.map((column) => column[locale])));

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
/** Id, two times, a number and a network of any length that fits the carrier's field. */
const NUMBERS_BYTES = 512;
const COMMA = 0x2c;

/** Cells in the form of the file, with the comma behind each. */
const cells = (...fields: readonly string[]): Uint8Array => encoder.encode(`${csvLine(fields).slice(0, -2)},`);
const lastCell = (field: string): Uint8Array => encoder.encode(csvLine([field]));
const EMPTY_CELL = Uint8Array.of(COMMA);

interface ClassBytes {
  readonly country: Uint8Array;
  readonly price: Uint8Array;
}

export class LogLines {
  readonly #format: LineFormat;
  readonly #task: Uint8Array;
  readonly #key: Uint8Array;
  readonly #kind: TrafficKind;
  readonly #classes = new Map<LineClass, ClassBytes>();
  readonly #states = new Map<string, Map<string | null, Uint8Array>>();
  readonly #senders = new Map<string, Uint8Array>();
  #buffer = new Uint8Array(START_BYTES);
  #end = 0;
  #receivedAt = Number.NaN;
  #received: Uint8Array = EMPTY_CELL;
  #finalSecond = Number.NaN;
  #final: Uint8Array = EMPTY_CELL;
  #bodyText: string | null = null;
  #body: Uint8Array = EMPTY_CELL;

  constructor(shared: SharedColumns, format: LineFormat) {
    this.#format = format;
    this.#task = cells(shared.task ?? '', shared.taskName ?? '');
    this.#key = cells(shared.key);
    this.#kind = shared.kind;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#end;
  }

  /** @param id ASCII; @param to E.164 digits; @param body as sent */
  add(
    id: string,
    receivedAt: number,
    finalAt: number | null,
    lineClass: LineClass,
    from: string,
    to: string,
    state: MessageState,
    error: string | null,
    network: string | null,
    body: string,
  ): void {
    const { country, price } = this.#classBytes(lineClass);
    const status = this.#stateBytes(state, error);
    const sender = this.#senderBytes(from);
    if (body !== this.#bodyText) {
      this.#bodyText = body;
      this.#body = lastCell(body);
    }
    const { length } = this.#body;
    this.#makeRoom(this.#task.length + country.length + status.length + sender.length + price.length + length + NUMBERS_BYTES);
    this.#copy(this.#task);
    this.#digits(id);
    this.#copy(this.#key);
    this.#copy(this.#receivedBytes(receivedAt));
    this.#copy(finalAt === null ? EMPTY_CELL : this.#finalBytes(finalAt));
    this.#copy(country);
    this.#copy(sender);
    if (this.#format.maskNumbers) this.#copy(cells(maskDigits(to)));
    else this.#digits(to);
    this.#copy(status);
    if (network === null) this.#copy(EMPTY_CELL);
    else this.#copy(this.#senderBytes(network));
    this.#copy(price);
    this.#copy(this.#body);
  }

  /** The lines, as a copy: the buffer is used again. */
  take(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#end);
    this.#end = 0;
    return bytes;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#end + bytes));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }

  /** A loop: `set` costs more than it saves for cells of this size. */
  #copy(bytes: Uint8Array): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < bytes.length; at++) buffer[end++] = bytes[at] ?? 0;
    this.#end = end;
  }

  /** Characters that need neither quotes nor an encoder. */
  #digits(text: string): void {
    const buffer = this.#buffer;
    let end = this.#end;
    for (let at = 0; at < text.length; at++) buffer[end++] = text.charCodeAt(at);
    buffer[end++] = COMMA;
    this.#end = end;
  }

  #receivedBytes(at: number): Uint8Array {
    if (at !== this.#receivedAt) {
      this.#receivedAt = at;
      this.#received = cells(formatLocal(at, this.#format.timeZone));
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
        price: cells(String(parts), decimalMoney(price), CURRENCY, this.#kind),
      };
      this.#classes.set(lineClass, bytes);
    }
    return bytes;
  }

  #stateBytes(state: MessageState, error: string | null): Uint8Array {
    let byError = this.#states.get(state);
    if (!byError) this.#states.set(state, (byError = new Map()));
    let bytes = byError.get(error);
    if (!bytes) byError.set(error, (bytes = cells(state, error ?? '', error === null ? '' : messageErrorText(error, this.#format.locale))));
    return bytes;
  }

  /** Senders and networks: few, short, and written by others, so they are quoted and neutralised where they must be. */
  #senderBytes(text: string): Uint8Array {
    let bytes = this.#senders.get(text);
    if (!bytes) {
      if (this.#senders.size > 10_000) this.#senders.clear();
      this.#senders.set(text, (bytes = cells(text)));
    }
    return bytes;
  }
}
