/** A filter of the log against the bytes of an archive row: most rows are refused after a few bytes, and none is made into texts. */
import type { LogFilter } from '../../schema/console';
import type { Iso2 } from '../../schema/ids';
import { MESSAGE_STATES, type MessageState } from '../../schema/states';
import { cellText, countryCode, nextCell, RECEIVED_AT, senderCell, standsAt, TIME_LENGTH } from './archive-cells';
import { rawCsvLine } from './csv';

const encoder = new TextEncoder();
/** A cell as the file holds it, with the comma behind it. */
const cellBytes = (text: string): Uint8Array => encoder.encode(`${rawCsvLine([text]).slice(0, -2)},`);

const LATEST_MS = 8_640_000_000_000_000;
/** Times of the file compare as their bytes do (years 0000 to 9999). */
function timeBytes(at: number): Uint8Array | null {
  const text = new Date(Math.max(-LATEST_MS, Math.min(LATEST_MS, at))).toISOString();
  return text.length === TIME_LENGTH ? encoder.encode(text) : null;
}

/** Negative when the time at `at` is earlier than the wanted one. */
function compareTime(bytes: Uint8Array, at: number, wanted: Uint8Array): number {
  for (let index = 0; index < TIME_LENGTH; index++) {
    const difference = (bytes[at + index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function countryFlags(countries: readonly Iso2[]): Uint8Array {
  const flags = new Uint8Array(1 << 16);
  for (const country of countries) flags[countryCode(encoder.encode(country), 0)] = 1;
  return flags;
}

/** No two states begin with the same letter. */
function stateFlags(states: readonly MessageState[]): Uint8Array {
  const flags = new Uint8Array(1 << 8);
  for (const state of MESSAGE_STATES) if (states.includes(state)) flags[state.charCodeAt(0)] = 1;
  return flags;
}

const isGiven = <T>(list: readonly T[] | undefined): list is readonly T[] => list !== undefined && list.length > 0;

/** Everything of a log filter but `message` and `user`, which choose files and not rows. */
export class ArchiveFilter {
  readonly #countries: Uint8Array | null;
  readonly #from: Uint8Array | null;
  readonly #until: Uint8Array | null;
  readonly #sender: Uint8Array | null;
  readonly #to: Uint8Array | null;
  readonly #states: Uint8Array | null;
  readonly #kind: Uint8Array | null;
  readonly #key: Uint8Array | null;
  readonly #task: Uint8Array | null;
  /** Lower case. */
  readonly #taskName: string | null;
  /** Whether anything behind the country is asked for. */
  readonly #looksFurther: boolean;
  /** Whether anything behind the state is asked for. */
  readonly #looksAtTask: boolean;

  constructor(filter: LogFilter) {
    this.#countries = isGiven(filter.countries) ? countryFlags(filter.countries) : null;
    this.#from = filter.receivedFrom === undefined ? null : timeBytes(filter.receivedFrom);
    this.#until = filter.receivedUntil === undefined ? null : timeBytes(filter.receivedUntil);
    this.#sender = filter.from === undefined ? null : cellBytes(filter.from);
    this.#to = filter.to === undefined ? null : cellBytes(filter.to);
    this.#states = isGiven(filter.states) ? stateFlags(filter.states) : null;
    this.#kind = filter.kind === undefined ? null : cellBytes(filter.kind);
    this.#key = filter.key === undefined ? null : cellBytes(filter.key);
    this.#task = filter.task === undefined ? null : cellBytes(filter.task);
    this.#taskName = filter.taskName === undefined ? null : filter.taskName.toLowerCase();
    this.#looksAtTask = (this.#kind ?? this.#key ?? this.#task ?? this.#taskName) !== null;
    this.#looksFurther = this.#looksAtTask || (this.#sender ?? this.#to ?? this.#states) !== null;
  }

  /** @param country where the country of the row stands that starts at `row` */
  matches(bytes: Uint8Array, row: number, country: number): boolean {
    if (this.#countries !== null && this.#countries[countryCode(bytes, country)] === 0) return false;
    if (this.#from !== null && compareTime(bytes, row + RECEIVED_AT, this.#from) < 0) return false;
    if (this.#until !== null && compareTime(bytes, row + RECEIVED_AT, this.#until) >= 0) return false;
    return !this.#looksFurther || this.#matchesFurther(bytes, senderCell(country));
  }

  #matchesFurther(bytes: Uint8Array, sender: number): boolean {
    if (this.#sender !== null && !standsAt(bytes, sender, this.#sender)) return false;
    const to = nextCell(bytes, sender);
    if (this.#to !== null && !standsAt(bytes, to, this.#to)) return false;
    if (this.#states === null && !this.#looksAtTask) return true;
    const state = nextCell(bytes, to);
    if (this.#states !== null && this.#states[bytes[state] ?? 0] === 0) return false;
    return !this.#looksAtTask || this.#matchesTask(bytes, state);
  }

  #matchesTask(bytes: Uint8Array, state: number): boolean {
    // Behind the state: error, network, parts, price.
    let at = state;
    for (let cell = 0; cell < 5; cell++) at = nextCell(bytes, at);
    if (this.#kind !== null && !standsAt(bytes, at, this.#kind)) return false;
    at = nextCell(bytes, at);
    if (this.#key !== null && !standsAt(bytes, at, this.#key)) return false;
    at = nextCell(bytes, at);
    if (this.#task !== null && !standsAt(bytes, at, this.#task)) return false;
    if (this.#taskName === null) return true;
    at = nextCell(bytes, at);
    return cellText(bytes, at, nextCell(bytes, at) - 1)
      .toLowerCase()
      .includes(this.#taskName);
  }
}
