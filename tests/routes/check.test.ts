import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import { LINE_MAX_BYTES } from '../../schema/limits';
import { addPrices } from '../../workers/gateways/stores/provisioning';
import { DEMO_PRICES } from '../../workers/tenancy/demo-prices';
import { book, zip } from '../support/books';
import { checkedTask } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string): Uint8Array => new Uint8Array(Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0)).buffer);
const rowsOf = async (id: string, who = world): Promise<{ row: number; value: string; reason: string }[]> =>
  (await (await who.fetch(`/api/tasks/${id}/exceptions`)).json<{ rows: { row: number; value: string; reason: string }[] }>()).rows;

describe('the check of a file', () => {
  it('counts rows, bad rows and duplicates, and says what it will cost', async () => {
    const file = ['number,name', '8613800138000,Wang', '+86 138-0013-8001,Li', '8613800138000,Again', 'abc,Nobody', '', '447400123456,Bob'];
    const task = await checkedTask(world, file.join('\r\n'), { text: 'Hello {{name}}' });
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
    expect(await rowsOf(task.settings.task)).toEqual([
      { row: 4, value: '8613800138000', reason: 'Duplicate number' },
      { row: 5, value: 'abc', reason: 'Not a phone number' },
    ]);
  });

  it('names columns by their position when the first row already holds a number', async () => {
    const task = await checkedTask(world, '8613800138000;Wang;A\n8613800138001;Li;B\n', { text: '{{3}} for {{2}}' });
    expect(task.check).toMatchObject({ columns: ['1', '2', '3'], totals: { rows: 2, valid: 2 } });
    expect(task.preview).toBe('A for Wang');
  });

  it('refuses a text with a variable that the file lacks, and names it', async () => {
    const task = await checkedTask(world, 'number,name\n8613800138000,Wang\n', { text: 'Hi {{name}}, {{code}}' });
    expect(task).toMatchObject({ state: 'refused', refusal: { code: 'variable_unknown', details: { name: 'code' } } });
    expect(task.refusalText).toContain('code');
  });

  it('refuses rows without a value for a variable, and too long ones, and sends nothing that is half filled', async () => {
    const file = ['number,name', '8613800138000,Wang', '8613800138001,', '8613800138002', `8613800138003,${'x'.repeat(3_200)}`].join('\n');
    const task = await checkedTask(world, file, { text: 'Hello {{name}}' });
    expect(task.check.totals).toMatchObject({ rows: 4, valid: 1, invalid: 3, byRejection: { variable_missing: 2, text_too_long: 1 } });
    expect((await rowsOf(task.settings.task)).map(({ row, reason }) => [row, reason])).toEqual([
      [3, 'The variable name is missing'],
      [4, 'The variable name is missing'],
      [5, 'The text has more than 3200 characters'],
    ]);
  });

  it('measures each row by its own values', async () => {
    const task = await checkedTask(world, `number,name\n8613800138000,Wang\n8613800138001,王\n8613800138002,${'王'.repeat(100)}\n`, {
      text: 'Hi {{name}}',
    });
    expect(task.check.totals).toMatchObject({ valid: 3, parts: 4, maxParts: 2, byEncoding: { gsm7: 1, ucs2: 2 } });
  });

  it('refuses rows of countries without a price, and takes the tenant’s own price before the one of everybody', async () => {
    const { database, env } = world.gateways;
    await env.DB.prepare("DELETE FROM prices WHERE country = 'GB'").run();
    await addPrices(database, world.tenant, [{ country: 'CN', micros: 7 }], Date.now());
    const task = await checkedTask(world, '8613800138000\n447400123456\n33612345678\n');
    expect(task.check.totals).toMatchObject({ valid: 2, invalid: 1, byRejection: { no_price: 1 } });
    expect(task.countries.find(({ country }) => country === 'CN')).toMatchObject({ unitMicros: 7, costMicros: 7 });
    await addPrices(database, '', DEMO_PRICES, Date.now());
  });

  it('drops numbers and countries of the blacklist, unless the check of numbers is off', async () => {
    const fresh = await makeWorld();
    const gate = fresh.gateways.objects.keyGate(fresh.marketing.id);
    await gate.addNumbers('[8613800138001]', 'user');
    await gate.setCountries(['GB' as Iso2]);
    const file = '8613800138000\n8613800138001\n447400123456\n8613800138000\n';
    const checked = await checkedTask(fresh, file);
    expect(checked.check.totals).toMatchObject({ rows: 4, valid: 1, duplicates: 1, blacklisted: 2, invalid: 0 });
    expect((await rowsOf(checked.settings.task, fresh)).map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'The number is on the blacklist'],
      [3, 'The country is on the blacklist'],
      [4, 'Duplicate number'],
    ]);
    const unchecked = await checkedTask(fresh, file, { checkNumbers: false });
    expect(unchecked.check.totals).toMatchObject({ valid: 3, duplicates: 1, blacklisted: 0 });
  });

  it('reads a file of many ranges as if it were one, duplicates and row numbers included', async () => {
    const lines = Array.from({ length: 160_000 }, (_, at) => `861380${String(at % 150_000).padStart(7, '0')}`);
    lines[155_000] = 'broken';
    const task = await checkedTask(world, `number\n${lines.join('\n')}`);
    expect(task.check.totals).toMatchObject({ rows: 160_000, valid: 150_000, duplicates: 9_999, invalid: 1 });
    expect(task.check.bytesDone).toBe(task.check.bytesTotal);
    const [shard] = await world.gateways.objects.taskRun(task.settings.task).shards();
    expect(shard && (await world.gateways.objects.shard(shard).totals()).rows).toBe(150_000);
  });
});

describe('files of all sorts', () => {
  const GOOD = '号码,姓名\r\n8613800138000,王小明\r\n8613800138001,李雷\r\n';
  const ok = { state: 'checked', preview: '您好王小明', check: { columns: ['号码', '姓名'], totals: { rows: 2, valid: 2 } } };
  const check = (bytes: Uint8Array, name?: string) => checkedTask(world, bytes, { text: '您好{{姓名}}' }, name);
  // 号码,姓名 / 王小明 / 李雷 in GBK.
  const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
  const GBK = new Uint8Array(
    Buffer.concat([hex('bac5c2eb2cd0d5c3fb0a'), utf8('8613800138000,'), hex('cdf5d0a1c3f70a'), utf8('8613800138001,'), hex('c0eec0d70a')]),
  );

  it('are read in UTF-8 with a byte order mark, in GBK and in UTF-16', async () => {
    expect(await check(utf8(`\ufeff${GOOD}`))).toMatchObject(ok);
    expect(await check(GBK)).toMatchObject(ok);
    expect(await check(utf16(GOOD.replaceAll(',', '\t')), 'numbers.txt')).toMatchObject(ok);
  });

  it('are unpacked from gzip, whatever is inside, several members included', async () => {
    const twoMembers = new Uint8Array([...gzipSync(utf8(GOOD.slice(0, 20))), ...gzipSync(utf8(GOOD.slice(20)))]);
    expect(await check(twoMembers, 'numbers.csv.gz')).toMatchObject(ok);
    expect(await check(new Uint8Array(gzipSync(utf16(GOOD))), 'numbers.txt.gz')).toMatchObject(ok);
    expect(await check(new Uint8Array(gzipSync(GBK)), 'numbers.csv.gz')).toMatchObject(ok);
    const rows =
      '<row><c t="inlineStr"><is><t>号码</t></is></c><c t="inlineStr"><is><t>姓名</t></is></c></row><row><c><v>8613800138000</v></c><c t="inlineStr"><is><t>王小明</t></is></c></row><row><c><v>8613800138001</v></c><c t="inlineStr"><is><t>李雷</t></is></c></row>';
    expect(await check(new Uint8Array(gzipSync(await book({ rows }))), 'numbers.xlsx.gz')).toMatchObject(ok);
  });

  it('keep line breaks inside quotes together, and count rows as a spreadsheet does', async () => {
    const task = await checkedTask(world, 'number,"the\nname"\n8613800138000,"Wang\r\nLi"\nabc,"x\ny"\n8613800138001,"a ""b"", c"\n', {
      text: 'Hi {{2}}',
    });
    expect(task.refusal).toMatchObject({ code: 'variable_unknown' });
    const read = await checkedTask(world, '8613800138000,"Wang\r\nLi"\nabc,"x\ny"\n8613800138001,"a ""b"", c"\n', { text: 'Hi {{2}}' });
    expect(read.check.totals).toMatchObject({ rows: 3, valid: 2 });
    expect(read.preview).toBe('Hi Wang\r\nLi');
    expect((await rowsOf(read.settings.task)).map(({ row }) => row)).toEqual([2]);
  });

  it.each([
    ['an empty xlsx disguise', utf8('number\n8613800138000\n'), 'numbers.xlsx', 'file_not_xlsx'],
    ['a zip that is no book', null, 'numbers.xlsx', 'file_not_xlsx'],
    ['an old xls', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0]), 'numbers.xlsx', 'file_not_xlsx'],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 1]), 'numbers.csv', 'file_binary'],
    ['a gzip that is none', utf8('8613800138000\n'), 'numbers.csv.gz', 'file_not_gzip'],
    [
      'a gzip that ends early',
      new Uint8Array(gzipSync(utf8('8613800138000\n'.repeat(9_000)))).slice(0, -9),
      'numbers.csv.gz',
      'file_not_gzip',
    ],
    ['a gzip in a gzip', new Uint8Array(gzipSync(gzipSync(utf8('8613800138000\n')))), 'numbers.csv.gz', 'file_binary'],
    ['a gzip of nothing', new Uint8Array(gzipSync(utf8(''))), 'numbers.csv.gz', 'file_empty'],
    ['only a title', utf8('number\n'), 'numbers.csv', 'file_empty'],
    ['only blank lines', utf8('\n\n \n'), 'numbers.csv', 'file_empty'],
  ])('are refused by name: %s', async (_what, bytes, name, code) => {
    const task = await check(bytes ?? (await zip({ 'numbers.csv': '8613800138000' })), name);
    expect(task).toMatchObject({ state: 'refused', refusal: { code }, actions: ['edit', 'cancel'] });
    expect(task.refusalText).not.toBe('');
  });

  it('are refused when one line has 10 MB, and the line is named', async () => {
    const task = await check(utf8(`8613800138000,a\n8613800138001,${'x'.repeat(10 * 1024 * 1024)}\n`));
    expect(task).toMatchObject({ state: 'refused', refusal: { code: 'file_line_too_long', details: { line: 2, max: LINE_MAX_BYTES } } });
  });

  it('are refused when they unpack to far more than they are', async () => {
    const zeros = new Uint8Array(20 * 1024 * 1024).fill(48);
    const packed = new Uint8Array(gzipSync(zeros));
    expect(await check(packed, 'bomb.csv.gz')).toMatchObject({ refusal: { code: 'file_unpacks_too_large' } });
    const bomb = await book({ rows: `<row r="1"><c><v>1</v></c></row>${' '.repeat(20 * 1024 * 1024)}` });
    expect(await check(bomb, 'bomb.xlsx')).toMatchObject({ refusal: { code: 'file_unpacks_too_large' } });
  });
});

describe('a spreadsheet', () => {
  const check = async (parts: Parameters<typeof book>[0], text = 'Hi {{2}}') =>
    checkedTask(world, await book(parts), { text }, 'numbers.xlsx');

  it('gives the numbers of its first sheet in full, never as a fraction or with an exponent', async () => {
    const rows =
      '<row r="1"><c r="A1"><v>8.6138001380000002E+12</v></c><c r="B1"><v>0.30000000000000004</v></c></row>' +
      '<row r="2"><c r="A2"><v>8613800138001</v></c><c r="B2"><v>1E-7</v></c></row>' +
      '<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c></row>' +
      '<row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5"><v>1</v></c></row>';
    const strings =
      '<si><t>+86 138 0013 8002</t></si><si><r><t>Wang </t></r><r><t>Li</t></r><rPh><t>oh</t></rPh></si><si><t>8.6138E+12</t></si>';
    const task = await check({ rows, strings });
    expect(task.check.totals).toMatchObject({ rows: 4, valid: 3, invalid: 1, byRejection: { scientific_notation: 1 } });
    expect(task.preview).toBe('Hi 0.3');
    expect(await rowsOf(task.settings.task)).toMatchObject([{ row: 5, value: '8.6138E+12' }]);
  });

  it('gives the result of a formula that was last shown, and runs none', async () => {
    const rows =
      '<row r="1"><c r="A1"><f>8613800138000+0</f><v>8613800138000</v></c><c r="B1" t="str"><f>HYPERLINK("http://x","y")</f><v>shown</v></c></row>' +
      '<row r="2"><c r="A2"><f>8613800138000+1</f></c><c r="B2"><v>1</v></c></row>' +
      '<row r="3"><c r="A3"><v>8613800138002</v></c><c r="B3" t="e"><v>#N/A</v></c></row>';
    const task = await check({ rows });
    expect(task.preview).toBe('Hi shown');
    expect(task.check.totals).toMatchObject({ valid: 1, invalid: 2, byRejection: { empty: 1, variable_missing: 1 } });
  });

  it('gives dates as dates', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>';
    const task = await check({ rows: '<row r="1"><c r="A1" s="1"><v>8613800138000</v></c><c r="B1" s="1"><v>46349</v></c></row>', styles });
    expect(task.preview).toBe('Hi 2026-11-23');
  });

  it.each([
    [
      'names things outside of it',
      '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      '<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>',
    ],
    ['grows in itself', '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'],
    ['is broken', '', '<row r="1"><c r="A1"><v>1</c></row>'],
  ])('is refused when it %s', async (_what, prologue, rows) => {
    expect(await check({ rows, prologue })).toMatchObject({ state: 'refused', refusal: { code: 'file_not_xlsx' } });
  });
});
