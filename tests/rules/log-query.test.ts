import { describe, expect, it } from 'vitest';
import { AppError } from '../../schema/errors';
import { readLogQuery } from '../../workers/rules/log-query';

const read = (query: string) => readLogQuery(new URLSearchParams(query), 'Asia/Shanghai');
const fieldsOf = (query: string): string[] => {
  try {
    read(query);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.fields.map(({ field }) => field);
  }
  return [];
};

describe('a log filter in a link', () => {
  it('is read with every field', () => {
    expect(
      read(
        'kind=marketing&task=t-8f2k0-19qzv&taskName=%E5%8F%8C%E5%8D%81%E4%B8%80&message=abc&key=JM1&to=%2B86+138-0013-8000&from=JINMU&state=failed,expired&state=unknown&country=cn&receivedFrom=2026-11-01&receivedUntil=2026-11-01T12:30',
      ),
    ).toEqual({
      kind: 'marketing',
      task: 'T-8F2K0-19QZV',
      taskName: '双十一',
      message: 'abc',
      key: 'JM1',
      to: '8613800138000',
      from: 'JINMU',
      states: ['failed', 'expired', 'unknown'],
      countries: ['CN'],
      receivedFrom: Date.parse('2026-10-31T16:00:00Z'),
      receivedUntil: Date.parse('2026-11-01T04:30:00Z'),
    });
  });

  it('takes a day at the end of a period as the whole day, in the user’s zone', () => {
    expect(read('receivedUntil=2026-11-01')).toEqual({ receivedUntil: Date.parse('2026-11-01T16:00:00Z') });
  });

  it('finds a number that is in no plan any more, as long as it can be one', () => {
    expect(read('to=%2B852 9005 2471')).toEqual({ to: '85290052471' });
    expect(fieldsOf('to=123')).toEqual(['to']);
    expect(fieldsOf(`to=${'8'.repeat(16)}`)).toEqual(['to']);
  });

  it('takes fields that a form sends empty as no filter', () => {
    expect(read('kind=&task=&to=&state=&country=&receivedFrom=&receivedUntil=')).toEqual({});
  });

  it('names every field that cannot be read', () => {
    expect(fieldsOf('kind=spam&to=abc&state=lost&country=china&receivedFrom=yesterday&receivedUntil=2026-02-30')).toEqual([
      'kind',
      'to',
      'state',
      'country',
      'receivedFrom',
      'receivedUntil',
    ]);
    expect(fieldsOf(`from=${'x'.repeat(201)}`)).toEqual(['from']);
  });
});
