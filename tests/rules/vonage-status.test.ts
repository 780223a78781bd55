import { describe, expect, it } from 'vitest';
import {
  RECEIPT_ERRORS,
  SEND_STATUSES,
  messageErrorText,
  receiptErrorOf,
  receiptState,
  sendStatusOf,
} from '../../workers/rules/vonage-status';

describe('the answer to a send', () => {
  it('is known for every status that Vonage documents', () => {
    const documented = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 22, 23, 29, 32, 33];
    expect(SEND_STATUSES.map(({ status }) => status)).toEqual(documented);
  });

  it('allows another try for 1, 5 and 10 only', () => {
    expect(Array.from({ length: 100 }, (_, status) => status).filter((status) => sendStatusOf(status).retry)).toEqual([1, 5, 10]);
  });

  it('is a failure when the status is new', () => {
    expect(sendStatusOf(77)).toMatchObject({
      status: 77,
      error: 'carrier_refused',
      retry: false,
      textEn: 'Refused by the carrier (status 77)',
    });
  });
});

describe('a receipt', () => {
  it.each([
    ['accepted', null],
    ['buffered', null],
    ['delivered', 'delivered'],
    ['expired', 'expired'],
    ['failed', 'failed'],
    ['rejected', 'rejected'],
    ['unknown', 'unknown'],
    ['DELIVERED', 'delivered'],
    ['something new', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s makes the message %s', (status, state) => {
    expect(receiptState(status)).toBe(state);
  });

  it('has a text for every code that Vonage documents, and for a new one', () => {
    const documented = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 50, 51, 52, 53, 54, 99];
    expect(RECEIPT_ERRORS.map(({ code }) => code)).toEqual(documented);
    expect(receiptErrorOf(3).error).toBe('absent_permanent');
    expect(receiptErrorOf(null).error).toBe('unknown_error');
    expect(receiptErrorOf(77)).toMatchObject({ code: 77, error: 'carrier_error', textZh: '运营商错误 77' });
  });
});

describe('an error code in the log', () => {
  it('is unlike every other and has a text in both languages', () => {
    const errors = [...SEND_STATUSES, ...RECEIPT_ERRORS].map(({ error }) => error).filter((error) => error !== 'ok');
    expect(new Set(errors).size).toBe(errors.length);
    for (const error of [...errors, 'no_receipt', 'answer_lost', 'carrier_unavailable', 'carrier_refused', 'carrier_error']) {
      expect(messageErrorText(error, 'zh-CN')).toMatch(/\p{Script=Han}/u);
      expect(messageErrorText(error, 'en')).toMatch(/^[A-Z][^\p{Script=Han}]+$/u);
    }
  });

  it('is shown as it is when nobody knows it', () => {
    expect(messageErrorText('from_an_older_release', 'en')).toBe('from_an_older_release');
  });
});
