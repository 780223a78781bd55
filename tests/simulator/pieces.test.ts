import { parsePhoneNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { ClientRefs } from '../../workers/simulator/client-refs';
import { DueWheel, SLOT_MS } from '../../workers/simulator/due-wheel';
import { MAGIC_OUTCOMES, MAGIC_PREFIX, magicOutcome } from '../../workers/rules/magic-numbers';
import { Throttle } from '../../workers/simulator/throttle';

describe('client-refs', () => {
  test('of a million messages are told apart exactly', () => {
    const refs = new ClientRefs();
    const ref = (at: number): string => `0000${at.toString(32).toUpperCase().padStart(8, '0')}${(at % 31).toString(32)}`;
    for (let at = 0; at < 1_000_000; at++) refs.add(ref(at));
    expect([refs.distinct, refs.repeated]).toEqual([1_000_000, 0]);
    for (let at = 0; at < 1_000_000; at += 10_000) {
      refs.add(ref(at));
      refs.add(ref(at));
    }
    expect([refs.distinct, refs.repeated]).toEqual([1_000_000, 100]);
    expect(refs.examples).toEqual(Array.from({ length: 20 }, (_unused, at) => ref(at * 10_000)));
  });

  test.each<[string, (at: number) => string]>([
    ['decimal', (at) => String(at)],
    ['two short words', (at) => `${at >> 9}-${at & 511}`],
    ['only the ends differ', (at) => `${String.fromCharCode(33 + (at % 90))}${'-'.repeat(30)}${Math.floor(at / 90)}`],
    ['unicode', (at) => String.fromCodePoint(0x4e00 + (at % 20_000), 0x4e00 + Math.floor(at / 20_000))],
  ])('of any shape: %s', (_name, ref) => {
    const refs = new ClientRefs();
    for (let at = 0; at < 300_000; at++) refs.add(ref(at));
    expect(refs.distinct).toBe(300_000);
  });

  test('may be empty', () => {
    const refs = new ClientRefs();
    refs.add('');
    refs.add('');
    expect([refs.distinct, refs.repeated]).toEqual([1, 1]);
  });
});

describe('the wheel', () => {
  const all = (wheel: DueWheel<string>): string[] => {
    const taken: string[] = [];
    for (let thing = wheel.take(); thing !== undefined; thing = wheel.take()) taken.push(thing);
    return taken;
  };

  test('hands things out in the order of their times, none early, none more than a slot late', () => {
    const wheel = new DueWheel<string>();
    wheel.turn(10_000);
    wheel.add('c', 10_300);
    wheel.add('a', 10_050);
    wheel.add('past', 9_000);
    wheel.add('b', 10_120);
    expect(all(wheel)).toEqual(['past']);
    wheel.turn(10_050);
    expect(all(wheel)).toEqual([]);
    wheel.turn(10_050 + SLOT_MS);
    expect(all(wheel)).toEqual(['a']);
    wheel.turn(99_000);
    expect(all(wheel)).toEqual(['b', 'c']);
    expect(wheel.size).toBe(0);
  });

  test('keeps what is due a day later, through every turn', () => {
    const wheel = new DueWheel<string>();
    const day = 86_400_000;
    wheel.add('tomorrow', day);
    for (let now = 0; now < 10_000; now += SLOT_MS) wheel.turn(now);
    expect(all(wheel)).toEqual([]);
    wheel.turn(day + SLOT_MS);
    expect(all(wheel)).toEqual(['tomorrow']);
  });

  test('hands out a long line in order while it grows', () => {
    const wheel = new DueWheel<string>();
    wheel.turn(1_000);
    const taken: string[] = [];
    for (let at = 0; at < 60_000; at++) {
      wheel.add(String(at), 0);
      if (at % 3 === 2) taken.push(wheel.take() ?? '', wheel.take() ?? '');
    }
    expect([...taken, ...all(wheel)]).toEqual(Array.from({ length: 60_000 }, (_unused, at) => String(at)));
  });
});

test('the throttle lets exactly its number through in any second', () => {
  const throttle = new Throttle(5);
  const taken: number[] = [];
  for (let now = 5_000; now < 9_000; now += 7) if (throttle.take(now) === 0) taken.push(now);
  for (const from of taken) expect(taken.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(5);
  expect(taken.length).toBeGreaterThanOrEqual(18);
  expect(new Throttle(1).take(5_000)).toBe(0);
});

test('magic numbers pass for real ones, and only they are magic', () => {
  const numbers = [...MAGIC_OUTCOMES.keys()].map((suffix) => MAGIC_PREFIX + String(suffix).padStart(4, '0'));
  expect(numbers.filter((number) => !parsePhoneNumber(`+${number}`).isValid())).toEqual([]);
  expect(numbers.map(magicOutcome)).toEqual([...MAGIC_OUTCOMES.values()]);
  expect(magicOutcome('15005550001')?.meaning).toBe('delivered');
  for (const other of ['447700900000', '1500555', '150055500000', '']) expect(magicOutcome(other)).toBeNull();
});
