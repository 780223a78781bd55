/** The accounts that may send, with what each has left, and who a request says it is. */
import type { Account, Knobs } from './knobs';
import { parameter } from './parameters';
import type { Parameters } from './parameters';
import { signParameters } from './signature';
import { Throttle } from './throttle';
import { missing, refusal } from '../rules/vonage-words';
import type { Refusal } from '../rules/vonage-words';

/** Vonage's prices have 8 decimals; whole numbers of that unit add up exactly. */
const UNITS_PER_EUR = 1e8;
/** A signed request may be this old. */
const SIGNATURE_AGE_MAX_S = 3_600;

export class SendingAccount {
  readonly #priceUnits: number;
  #balanceUnits: number;
  readonly #throttle: Throttle | null;
  /** Decimal text with 8 places. */
  readonly price: string;

  constructor(
    readonly account: Account,
    knobs: Knobs,
  ) {
    this.#priceUnits = Math.round(knobs.messagePrice * UNITS_PER_EUR);
    this.#balanceUnits = Math.round(knobs.balance * UNITS_PER_EUR);
    this.#throttle = knobs.throttlePerSecond === null ? null : new Throttle(knobs.throttlePerSecond);
    this.price = knobs.messagePrice.toFixed(8);
  }

  get balanceEur(): number {
    return this.#balanceUnits / UNITS_PER_EUR;
  }
  canPay(parts: number): boolean {
    return this.#balanceUnits >= parts * this.#priceUnits;
  }
  /** @returns the balance left, decimal text with 8 places */
  payPart(): string {
    this.#balanceUnits -= this.#priceUnits;
    return this.balanceEur.toFixed(8);
  }
  /** @returns 0 when one more request fits into this second, else the milliseconds to wait */
  throttle(now: number): number {
    return this.#throttle?.take(now) ?? 0;
  }
}

export class Accounts {
  readonly #byKey: ReadonlyMap<string, SendingAccount>;
  /** By the whole header, so that the usual request needs no decoding. */
  readonly #byAuthorization: ReadonlyMap<string, SendingAccount>;

  constructor(knobs: Knobs) {
    const all = knobs.accounts.map((account) => new SendingAccount(account, knobs));
    this.#byKey = new Map(all.map((sending) => [sending.account.apiKey, sending]));
    this.#byAuthorization = new Map(
      all.map((sending) => [`Basic ${btoa(`${sending.account.apiKey}:${sending.account.apiSecret}`)}`, sending]),
    );
  }

  byKey(apiKey: string): SendingAccount | undefined {
    return this.#byKey.get(apiKey);
  }

  /** Basic authentication, or `api_key` with `api_secret`, or `api_key` with `sig`. */
  identify(authorization: string | null, parameters: Parameters): SendingAccount | Refusal {
    const signature = parameter(parameters, 'sig');
    if (authorization !== null) return signature === undefined ? (this.#byAuthorization.get(authorization) ?? refusal(4)) : refusal(32);
    const apiKey = parameter(parameters, 'api_key');
    const apiSecret = parameter(parameters, 'api_secret');
    if (apiKey === undefined) return missing('api_key');
    const sending = this.#byKey.get(apiKey);
    if (signature !== undefined) return apiSecret === undefined ? checkSigned(sending, parameters, signature) : refusal(32);
    if (apiSecret === undefined) return missing('api_secret');
    return sending?.account.apiSecret === apiSecret ? sending : refusal(4);
  }
}

function checkSigned(sending: SendingAccount | undefined, parameters: Parameters, signature: string): SendingAccount | Refusal {
  if (sending === undefined) return refusal(4);
  const { signatureMethod, signatureSecret } = sending.account;
  const age = Math.abs(Date.now() / 1_000 - Number(parameter(parameters, 'timestamp')));
  if (signatureMethod === 'none' || !(age <= SIGNATURE_AGE_MAX_S)) return refusal(14);
  const fields = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  return signParameters(fields, signatureSecret, signatureMethod) === signature.toUpperCase() ? sending : refusal(14);
}
