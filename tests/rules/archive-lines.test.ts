import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Iso2, KeyId, ShardNumber, TaskId, TenantId } from '../../schema/ids';
import type { ArchiveMember } from '../../schema/protocol/archive';
import { MESSAGE_STATES } from '../../schema/states';
import { archiveKey, numberIndexKey } from '../../schema/storage-keys';
import { packMember, packMembersOf, unpackMembers, unpackMembersOf } from '../../workers/rules/archive-index';
import { ARCHIVE_COLUMNS, archiveHeader, ArchiveLines, type ArchiveLine } from '../../workers/rules/archive-lines';
import { parseCsv } from '../../workers/rules/csv';
import { numberHash } from '../../workers/rules/number-hash';
import { NUMBER_ENTRY_BYTES, NumberIndex } from '../../workers/rules/number-index';

const FROM_AT = Date.UTC(2026, 2, 14);
const DAY_MS = 24 * 60 * 60 * 1_000;
const shared = {
  task: 'T-8F2K0-19QZV' as TaskId,
  taskName: 'Spring, "sale"',
  key: 'JM7K2M3N4P5Q6R7S' as KeyId,
  kind: 'marketing',
} as const;
const FR = { country: 'FR' as Iso2, parts: 2, price: 62_400 };

const time = fc.integer({ min: 0, max: 4_102_444_799_999 });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('=1+1', '"quoted", twice', 'two\r\nlines', '短信 🚀'));
const anyLine: fc.Arbitrary<ArchiveLine> = fc.record({
  shared: fc.constant(shared),
  id: fc.stringMatching(/^[0-9A-Z]{15}$/),
  receivedAt: time,
  submittedAt: fc.option(time),
  finalAt: fc.option(time),
  lineClass: fc.constantFrom(FR, { country: 'CN' as Iso2, parts: 1, price: 1 }),
  from: fc.oneof(fc.constant('JINMU'), text),
  to: fc.stringMatching(/^[1-9]\d{6,14}$/),
  state: fc.constantFrom(...MESSAGE_STATES),
  error: fc.option(text),
  network: fc.option(fc.stringMatching(/^\d{5}$/)),
  ref: fc.option(text),
  body: text,
});
const iso = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
/** Halves of surrogate pairs cannot be written as UTF-8. */
const written = (value: string | null): string =>
  new TextDecoder('utf-8', { ignoreBOM: true, fatal: false }).decode(new TextEncoder().encode(value ?? ''));

describe('lines of the archive', () => {
  it('read back as they were, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), (all) => {
        const lines = new ArchiveLines();
        for (const line of all) lines.add(line);
        const rows = parseCsv(new TextDecoder('utf-8', { ignoreBOM: true, fatal: false }).decode(lines.take()), ',');
        expect(rows).toEqual(
          all.map((line) => [
            line.id,
            iso(line.receivedAt),
            iso(line.submittedAt),
            iso(line.finalAt),
            line.lineClass.country,
            written(line.from),
            line.to,
            line.state,
            written(line.error),
            line.network ?? '',
            String(line.lineClass.parts),
            line.lineClass === FR ? '0.0624' : '0.000001',
            'marketing',
            'JM7K2M3N4P5Q6R7S',
            'T-8F2K0-19QZV',
            'Spring, "sale"',
            written(line.ref),
            written(line.body),
          ]),
        );
      }),
    );
  });

  it('stand under a header that names each column', () => {
    expect(new TextDecoder().decode(archiveHeader())).toBe(
      'id,received_at,submitted_at,final_at,country,from,to,status,error,network,parts,price,kind,key,task,task_name,ref,body\r\n',
    );
    expect(ARCHIVE_COLUMNS).toHaveLength(18);
  });
});

describe('the index of an archive file', () => {
  it('comes out of D1 as it went in', () => {
    const stored = fc.record({
      packedBytes: fc.nat(9_000),
      plainBytes: fc.nat(90_000),
      rows: fc.integer({ min: 1, max: 1_000 }),
      span: fc.nat(DAY_MS),
    });
    fc.assert(
      fc.property(fc.array(stored), (wanted) => {
        let [offset, firstRow, fromAt] = [0, 1, FROM_AT];
        const members = wanted.map(({ packedBytes, plainBytes, rows, span }, number): ArchiveMember => {
          const member = { number, offset, packedBytes, plainBytes, firstRow, rows, fromAt, untilAt: fromAt + span };
          [offset, firstRow, fromAt] = [offset + packedBytes, firstRow + rows, member.untilAt];
          return member;
        });
        const packed = members.map((member) => packMember(member, FROM_AT));
        expect(unpackMembers(JSON.parse(JSON.stringify(packed)), FROM_AT)).toEqual(members);
      }),
    );
    expect(unpackMembersOf(packMembersOf([0, 7, 3, 1, 90, 2]))).toEqual([0, 7, 3, 1, 90, 2]);
  });

  it('has a key of its own for each revision, with the month of its first row', () => {
    const key = archiveKey('current', 'tn_1' as TenantId, Date.UTC(2026, 10, 30, 23, 59), 7 as ShardNumber, 2);
    expect(key).toBe('archive/current/tn_1/2026-11/7.2.csv.gz');
    expect(numberIndexKey(key)).toBe('archive/current/tn_1/2026-11/7.2.csv.gz.numbers');
  });
});

describe('the number index', () => {
  it('names the members of each number, sorted by hash', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 999_999_999_999_999 }), fc.integer({ min: 0, max: 65_535 }))), (entries) => {
        const index = new NumberIndex();
        for (const [number, member] of entries) index.add(number, member);
        const bytes = index.take();
        const view = new DataView(bytes.buffer);
        const read = Array.from({ length: bytes.length / NUMBER_ENTRY_BYTES }, (_, at) => [
          view.getUint32(at * NUMBER_ENTRY_BYTES),
          view.getUint16(at * NUMBER_ENTRY_BYTES + 4),
        ]);
        const wanted = entries
          .map(([number, member]) => [numberHash(number), member] as const)
          .toSorted(([a, m], [b, n]) => a - b || m - n);
        expect(read).toEqual(wanted);
      }),
    );
  });

  it('spreads neighbouring numbers evenly, so that a place among them can be guessed', () => {
    const COUNT = 100_000;
    const BUCKETS = 64;
    const counts = Array.from({ length: BUCKETS }, () => 0);
    for (let at = 0; at < COUNT; at++) {
      const bucket = Math.floor((numberHash(8_613_800_000_000 + at) / 2 ** 32) * BUCKETS);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - COUNT / BUCKETS)).toBeLessThan(COUNT / BUCKETS / 5);
  });
});
