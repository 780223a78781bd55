/**
 * Fields of a filter as a link or a form writes them. Empty values are no filter, so that a form may send all its fields; what cannot be read
 * is noted, and refused all together at the end.
 */
import { AppError, type FieldError } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import { TRAFFIC_KINDS, type TrafficKind } from '../../schema/states';
import { parseLocal } from './local-time';
import { DAY_MS } from './platform-day';

/** Longest text of a filter; nothing that it could name is longer. */
const TEXT_MAX = 200;
const WHOLE_MS = /^\d{1,15}$/;
const COUNTRY = /^[A-Z]{2}$/;
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;

export class QueryFields {
  readonly #query: URLSearchParams;
  readonly #zone: string;
  readonly #wrong: FieldError[] = [];

  /** @param zone IANA zone in which times without an offset are read; times are ms UTC or `YYYY-MM-DD[THH:mm[:ss]]` */
  constructor(query: URLSearchParams, zone: string) {
    this.#query = query;
    this.#zone = zone;
  }

  invalid(field: string): void {
    this.#wrong.push({ field, code: 'invalid' });
  }

  text(field: string): string | undefined {
    const value = this.#query.get(field)?.trim();
    if (value === undefined || value === '') return undefined;
    if (value.length <= TEXT_MAX) return value;
    this.#wrong.push({ field, code: 'too_long', details: { max: TEXT_MAX } });
    return undefined;
  }

  /** Repeated or comma-separated. */
  list(field: string): string[] {
    return this.#query
      .getAll(field)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  }

  /** The same, of known words; undefined for none. */
  words<Word extends string>(field: string, known: readonly Word[]): readonly Word[] | undefined {
    const given = this.list(field);
    const found = given.flatMap((value) => known.find((word) => word === value) ?? []);
    if (found.length < given.length) this.invalid(field);
    return found.length > 0 ? found : undefined;
  }

  kind(): TrafficKind | undefined {
    const value = this.text('kind');
    const known = TRAFFIC_KINDS.find((name) => name === value);
    if (known === undefined && value !== undefined) this.invalid('kind');
    return known;
  }

  countries(): readonly Iso2[] | undefined {
    const countries = this.list('country').map((country) => country.toUpperCase());
    if (!countries.every((country) => COUNTRY.test(country))) this.invalid('country');
    return countries.length > 0 ? (countries as Iso2[]) : undefined;
  }

  time(field: string): number | undefined {
    return this.#time(field, (value) => this.#read(value));
  }

  /** The end of a period is exclusive; a day alone means that whole day. */
  end(field: string): number | undefined {
    return this.#time(field, (value) => this.#readEnd(value));
  }

  /** @throws AppError invalid_request naming every field that could not be read */
  refuse(): void {
    if (this.#wrong.length > 0) throw new AppError('invalid_request', { fields: this.#wrong });
  }

  #time(field: string, read: (value: string) => number | null): number | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const at = read(value);
    if (at === null) this.invalid(field);
    return at ?? undefined;
  }

  #read(value: string): number | null {
    return WHOLE_MS.test(value) ? Number(value) : parseLocal(value, this.#zone);
  }

  #readEnd(value: string): number | null {
    if (!DAY_ONLY.test(value)) return this.#read(value);
    if (parseLocal(value, this.#zone) === null) return null;
    return parseLocal(new Date(Date.parse(`${value}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10), this.#zone);
  }
}
