import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer, outcomeOfHttpStatus } from '../../workers/gateways/vonage-answer';
import { SEND_STATUSES } from '../../workers/rules/vonage-status';

const ok = (messageId: string) => ({ messageId, status: '0', network: '46000' });

describe("Vonage's answer", () => {
  it('with every part taken is submitted, with one id a part in order', () => {
    expect(outcomeOfAnswer([ok('a'), ok('b')])).toEqual({ kind: 'submitted', carrierIds: ['a', 'b'], network: '46000' });
  });

  it.each(SEND_STATUSES.filter(({ status }) => status !== 0))(
    'with status $status is $error: tried again only if it says so',
    ({ status, error, retry }) => {
      expect(outcomeOfAnswer([{ status: String(status) }])).toMatchObject({ kind: retry ? 'retry' : 'rejected', error });
    },
  );

  it('with a status of tomorrow is refused, not repeated', () => {
    expect(outcomeOfAnswer([{ status: '77' }])).toEqual({ kind: 'rejected', error: 'carrier_refused' });
    expect(outcomeOfAnswer([{}])).toEqual({ kind: 'rejected', error: 'carrier_refused' });
  });

  it('with some parts taken is partial, never repeated', () => {
    expect(outcomeOfAnswer([ok('a'), { status: '1' }])).toEqual({
      kind: 'partial',
      carrierIds: ['a'],
      network: '46000',
      error: 'throttled',
    });
  });

  it('with parts refused for several reasons is final if one of them is', () => {
    expect(outcomeOfAnswer([{ status: '1' }, { status: '9' }])).toEqual({ kind: 'rejected', error: 'carrier_credit_exhausted' });
  });

  it.each([undefined, null, [], '', 'OK', {}])('that says nothing (%j) leaves open whether the message was taken', (messages) => {
    expect(outcomeOfAnswer(messages)).toEqual({ kind: 'unanswered' });
  });

  it('as an HTTP error is repeated only where nothing can have been taken', () => {
    expect([429, 500, 502, 503].map((status) => outcomeOfHttpStatus(status).kind)).toEqual(['retry', 'retry', 'retry', 'retry']);
    expect(outcomeOfHttpStatus(504)).toEqual({ kind: 'unanswered' });
    expect(outcomeOfHttpStatus(401)).toEqual({ kind: 'rejected', error: 'invalid_credentials' });
    expect(outcomeOfHttpStatus(422)).toEqual({ kind: 'rejected', error: 'carrier_refused' });
  });
});
