import { describe, expect, it } from 'vitest';
import { parseSender } from '../../workers/rules/sender';

describe('a sender', () => {
  it.each([
    ['JMC', 'JMC', 'alpha'],
    ['jmCloud2026', 'jmCloud2026', 'alpha'],
    ['10690', '10690', 'numeric'],
    ['+8613800138000', '8613800138000', 'numeric'],
    ['008613800138000', '8613800138000', 'numeric'],
    ['123456789012345', '123456789012345', 'numeric'],
    ['00123456789012345', '123456789012345', 'numeric'],
    ['00', '00', 'numeric'],
    ['00A', '00A', 'alpha'],
  ])('%j is sent as %s', (raw, sender, kind) => {
    expect(parseSender(raw)).toEqual({ ok: true, sender, kind });
  });

  it.each([
    ['', 'empty'],
    ['JMC Cloud', 'invalid_characters'],
    [' JMC', 'invalid_characters'],
    ['锦木', 'invalid_characters'],
    ['J-M-C', 'invalid_characters'],
    ['Café', 'invalid_characters'],
    ['+JMC', 'invalid_characters'],
    ['JMCCloud2026', 'too_long'],
    ['1234567890123456', 'too_long'],
    ['+1234567890123456', 'too_long'],
  ])('%j is refused: %s', (raw, reason) => {
    expect(parseSender(raw)).toEqual({ ok: false, reason });
  });
});
