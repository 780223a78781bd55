import { beforeAll, describe, expect, it } from 'vitest';
import { makeWorld, type World } from '../support/world';
import { checkedTask, createTask, readTask, untilTask, uploadFile } from '../support/tasks';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe('the check of a file', () => {
  it('counts rows, bad rows and duplicates, and says what it will cost', async () => {
    const file = ['number,name', '8613800138000,Wang', '+86 138-0013-8001,Li', '8613800138000,Again', 'abc,Nobody', '', '447400123456,Bob'].join('\r\n');
    const task = await checkedTask(world, file, { text: 'Hello {{name}}' });
    expect(task.state).toBe('checked');
    expect(task.check.totals).toMatchObject({ rows: 5, valid: 3, invalid: 1, duplicates: 1, blacklisted: 0, parts: 3, maxParts: 1 });
    expect(task.check.columns).toEqual(['number', 'name']);
    expect(task.preview).toBe('Hello Wang');
    expect(task.countries.map(({ country, messages }) => [country, messages])).toEqual([
      ['CN', 2],
      ['GB', 1],
    ]);
    const cost = task.countries.reduce((sum, { costMicros }) => sum + costMicros, 0);
    expect(cost).toBeGreaterThan(0);
    expect(task.check.totals.costMicros).toBe(cost);
  });
});
