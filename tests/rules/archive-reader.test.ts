import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFilter } from '../../schema/console';
import type { Iso2, KeyId, ShardNumber, TaskId } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import { MESSAGE_STATES } from '../../schema/states';
import { ArchiveFilter } from '../../workers/rules/archive-filter';
import { archiveHeader, ArchiveLines } from '../../workers/rules/archive-lines';
import { ArchiveLogLines } from '../../workers/rules/archive-log-lines';
import { ArchiveRowReader, patchedRow } from '../../workers/rules/archive-rows';
import { ArchiveScan } from '../../workers/rules/archive-scan';
import { csvLine } from '../../workers/rules/csv';
import { logCells } from '../../workers/rules/log-cells';
import { matchesLogFilter } from '../../workers/rules/log-filter';
import { LogLines, type SharedColumns } from '../../workers/rules/log-lines';

const SHARD = 77 as ShardNumber;
const FIRST = 8_001;
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);

const aText = fc.oneof(
  fc.string({ unit: 'binary' }).map((one) => Buffer.from(one).toString()),
  fc.constantFrom(
    '=1+1',
    '-12.50',
    '"',
    '""',
    '"\r\n',
    ',"\r\n',
    'two\r\nlines',
    '＝1',
    '，comma',
    '短信 🚀',
    '\t',
    '\ufeffmark',
    '@x',
    "'",
    '+86',
  ),
);
const someText = aText.filter((one) => one !== '');
const time = fc.integer({ min: Date.UTC(1972, 0, 1), max: Date.UTC(2099, 0, 1) });
const countries = ['CN', 'FR', 'US'] as Iso2[];
const shared = fc.constantFrom<SharedColumns>(
  { task: null, taskName: null, key: 'JM7K2M3N4P5Q6R7S' as KeyId, kind: 'transactional' },
  ...['Spring', '=1+1', '"', 'two\r\nlines', '双十一, "100%"'].map((taskName, index): SharedColumns => ({
    task: `T-8F2K0-19QZ${index}` as TaskId,
    taskName,
    key: `JM7K2M3N4P5Q6R7${index}` as KeyId,
    kind: 'marketing',
  })),
);
type Written = Omit<LogRow, 'id'>;
const row: fc.Arbitrary<Written> = fc
  .record({
    receivedAt: time,
    submittedAt: fc.option(time),
    finalAt: fc.option(time),
    country: fc.constantFrom(...countries),
    from: fc.oneof(fc.constantFrom('JINMU', '85212345678'), someText),
    to: fc.constantFrom('8613800000001', '8613800000002', '14155550100', '33612345678'),
    state: fc.constantFrom(...MESSAGE_STATES),
    error: fc.option(fc.oneof(fc.constantFrom('vonage_6', 'no_receipt'), someText)),
    network: fc.option(fc.oneof(fc.constant('46000'), someText)),
    parts: fc.integer({ min: 1, max: 9 }),
    priceMicros: fc.constantFrom(0, 1, 31_200, 62_400, 1_000_000),
    body: aText,
    ref: fc.option(someText),
  })
  .chain((one) => shared.map((columns) => ({ ...one, ...columns })));
const rows = fc
  .array(row, { minLength: 1, maxLength: 30 })
  .map((all): LogRow[] => all.map((one, index) => ({ ...one, id: encodeMessageId(SHARD, FIRST + index) })));

/** A writer takes a megabyte: one for all rows that share their columns. */
function shareWriters<Writer>(make: (columns: SharedColumns) => Writer): (columns: SharedColumns) => Writer {
  const made = new Map<string, Writer>();
  return ({ task, taskName, key, kind }) => {
    const writer = made.get(key) ?? make({ task, taskName, key, kind });
    made.set(key, writer);
    return writer;
  };
}
const archiveWriter = new ArchiveLines();

function member(all: readonly LogRow[], isFirst = false): Uint8Array {
  for (const one of all) {
    const { key, kind, task, taskName, ...line } = one;
    archiveWriter.add({
      ...line,
      shared: { key, kind, task, taskName },
      lineClass: { country: one.country, parts: one.parts, price: one.priceMicros },
    });
  }
  return new Uint8Array(Buffer.concat([isFirst ? archiveHeader() : new Uint8Array(), archiveWriter.take()]));
}

const scanOf = (bytes: Uint8Array, filter: LogFilter | null = null, always: readonly number[] = []): ArchiveScan =>
  new ArchiveScan(bytes, { firstRow: FIRST }, filter && new ArchiveFilter(filter), always);

function readAll(scan: ArchiveScan): LogRow[] {
  const reader = new ArchiveRowReader();
  const found: LogRow[] = [];
  while (scan.next()) {
    const one = reader.read(scan);
    expect(one.id).toBe(encodeMessageId(SHARD, scan.row));
    found.push(one);
  }
  return found;
}

describe('rows of an archive file', () => {
  it('are the rows that were written, whatever their texts say', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (all, isFirst) => {
        expect(readAll(scanOf(member(all, isFirst)))).toEqual(all);
      }),
    );
  });

  it('can be read from the middle on', () => {
    fc.assert(
      fc.property(rows, fc.nat(40), (all, skipped) => {
        const scan = scanOf(member(all, true));
        scan.skipTo(FIRST + skipped - 1);
        expect(readAll(scan)).toEqual(all.slice(skipped));
      }),
    );
  });

  it('match a filter exactly when the live row does', () => {
    const filter: fc.Arbitrary<LogFilter> = fc.record(
      {
        kind: fc.constantFrom('marketing', 'transactional'),
        task: fc.constant('T-8F2K0-19QZ1' as TaskId),
        taskName: fc.constantFrom('=1', '"', '\n', 'SPR', '双十', 'x'),
        key: fc.constant('JM7K2M3N4P5Q6R72' as KeyId),
        to: fc.constantFrom('8613800000001', '861380000000', '33612345678'),
        from: fc.oneof(fc.constantFrom('JINMU', 'JIN'), aText),
        states: fc.subarray([...MESSAGE_STATES]),
        countries: fc.subarray(countries),
        receivedFrom: time,
        receivedUntil: time,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(rows, filter, (all, wanted) => {
        expect(readAll(scanOf(member(all, true), wanted))).toEqual(all.filter((one) => matchesLogFilter(one, wanted)));
      }),
    );
  });

  it('that changed since are stopped at whatever the filter says', () => {
    fc.assert(
      fc.property(rows, fc.uniqueArray(fc.nat(29)), (all, changed) => {
        const always = changed.map((index) => FIRST + index).toSorted((a, b) => a - b);
        const found = readAll(scanOf(member(all), { states: ['delivered'] }, always));
        expect(found).toEqual(all.filter((one, index) => one.state === 'delivered' || changed.includes(index)));
      }),
    );
  });

  it('take the change of a late receipt and nothing else', () => {
    fc.assert(
      fc.property(row, (one) => {
        const before = { ...one, id: encodeMessageId(SHARD, 1) };
        const change = { state: 'delivered', error: null, network: '46001', finalAt: 5 } as const;
        expect(patchedRow(before, { row: 1, ...change })).toEqual({ ...before, ...change });
      }),
    );
  });
});

describe('the export of an archive file', () => {
  const FORMATS: readonly LineFormat[] = [
    { timeZone: 'Asia/Shanghai', locale: 'zh-CN', maskNumbers: false, maskBodies: false },
    { timeZone: 'Asia/Kathmandu', locale: 'en', maskNumbers: true, maskBodies: true },
    { timeZone: 'America/New_York', locale: 'en', maskNumbers: false, maskBodies: false },
    { timeZone: 'Australia/Lord_Howe', locale: 'zh-CN', maskNumbers: true, maskBodies: true },
  ];

  it.each(FORMATS)('is the export of the live rows, byte for byte: $timeZone, $locale', (wanted) => {
    const liveWriter = shareWriters((columns) => new LogLines(columns, wanted));
    fc.assert(
      fc.property(rows, (all) => {
        const archived = new ArchiveLogLines(wanted);
        const scan = scanOf(member(all, true));
        while (scan.next()) archived.add(scan);
        const live = all.map((one) => {
          const lines = liveWriter(one);
          lines.add({ ...one, lineClass: { country: one.country, parts: one.parts, price: one.priceMicros } });
          return text(lines.take());
        });
        expect(text(archived.take())).toBe(live.join(''));
        expect(all.map((one) => csvLine(logCells(one, wanted)))).toEqual(live);
      }),
    );
  });

  it('holds a changed row as it is now', () => {
    fc.assert(
      fc.property(row, fc.constantFrom(...FORMATS), (one, wanted) => {
        const now = { ...one, id: encodeMessageId(SHARD, 1) };
        const lines = new ArchiveLogLines(wanted);
        lines.addRow(now);
        expect(text(lines.take())).toBe(csvLine(logCells(now, wanted)));
      }),
    );
  });

  it('grows with lines of any length', () => {
    const all = fc
      .sample(row, 500)
      .map((one, index): LogRow => ({ ...one, id: encodeMessageId(SHARD, FIRST + index), body: '长'.repeat(3_200) }));
    const lines = new ArchiveLogLines({ timeZone: 'UTC', locale: 'en', maskNumbers: false, maskBodies: false });
    const scan = scanOf(member(all));
    while (scan.next()) lines.add(scan);
    expect(lines.length).toBeGreaterThan(500 * 9_600);
    expect(text(lines.take()).match(/长{3200}/g)).toHaveLength(500);
  });
});
