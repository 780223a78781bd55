/** What a text to some numbers would cost. Sends nothing, holds nothing. */
import type { Iso2 } from '../../schema/ids';
import type { TextType } from '../../schema/states';
import { measureText, type Encoding } from '../rules/sms-parts';
import { judgeRecipient, type PriceList } from './judge-recipient';

export interface Estimate {
  readonly encoding: Encoding;
  readonly characters: number;
  readonly parts: number;
  readonly recipients: readonly {
    readonly input: string;
    readonly digits: string | null;
    readonly country: Iso2 | null;
    readonly type: string | null;
    /** Of the whole message; null when it cannot be sent. */
    readonly priceMicros: number | null;
  }[];
  readonly totalMicros: number;
}

export function estimate(text: string, textType: TextType, numbers: readonly string[], prices: PriceList): Estimate {
  const { encoding, characters, parts } = measureText(text, textType);
  let totalMicros = 0;
  const recipients = numbers.map((input) => {
    const judged = judgeRecipient(input, prices);
    if (!judged.ok) return { input, digits: null, country: null, type: null, priceMicros: null };
    const priceMicros = judged.unitMicros * parts;
    totalMicros += priceMicros;
    return { input, digits: judged.digits, country: judged.country, type: judged.type, priceMicros };
  });
  return { encoding, characters, parts, recipients, totalMicros };
}
