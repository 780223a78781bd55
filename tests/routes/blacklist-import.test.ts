import { describe, expect, it } from 'vitest';
import type { BlacklistImportId, UploadId } from '../../schema/ids';
import type { BlacklistImportView } from '../../schema/keys';
import { IMPORT_STUCK_MS, RANGE_BYTES } from '../../schema/limits';
import { listBlacklistImports, requeueStuckImports, startBlacklistImport } from '../../workers/keys/import-blacklist';
import { runImportStep } from '../../workers/keys/import-step';
import { uploadFile } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

const WAIT_MS = 20_000;
const MAINLAND = 8_613_800_000_000;

async function untilEnded(world: World, id: BlacklistImportId): Promise<BlacklistImportView> {
  const endsAt = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await world.fetch(`/api/blacklist-imports/${id}`);
    expect(answer.status).toBe(200);
    const view = await answer.json<BlacklistImportView>();
    if (view.state !== 'running') return view;
    if (Date.now() > endsAt) throw new Error(`the import stays ${view.phase}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function imported(world: World, content: string | Uint8Array, fileName?: string): Promise<BlacklistImportView> {
  const upload = await uploadFile(world, content, fileName);
  const answer = await world.fetch('/api/blacklist-imports', { json: { key: world.marketing.id, upload } });
  expect(answer.status).toBe(202);
  return untilEnded(world, (await answer.json<{ id: BlacklistImportId }>()).id);
}
const numbers = async ({ gateways, marketing }: World) => (await gateways.objects.keyGate(marketing.id).blacklistCounts()).numbers;

async function gzipped(text: string): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
}

describe('a file of numbers for a blacklist', () => {
  it('adds what is a number, however it is written, and names the lines that are none', async () => {
    const world = await makeWorld();
    const file = 'number,name\r\n+86 138-0013-8000,Wang\r\n8613800138000,again\r\n\r\nnonsense,x\r\n00852 9123 4567,\r\n123,short';
    expect(await imported(world, file)).toMatchObject({
      state: 'done',
      lines: 5,
      added: 2,
      refused: 2,
      named: [
        { line: 5, value: 'nonsense', reason: 'not_a_number' },
        { line: 7, value: '123', reason: 'too_short' },
      ],
    });
    expect((await world.gateways.objects.keyGate(world.marketing.id).listNumbers(0, 10)).map(({ recipient }) => recipient)).toEqual([
      85_291_234_567, 8_613_800_138_000,
    ]);
  });

  it('is read as txt and packed as well', async () => {
    const world = await makeWorld();
    expect(await imported(world, '8613800138001\n8613800138002\n', 'numbers.txt')).toMatchObject({ state: 'done', added: 2 });
    expect(await imported(world, await gzipped('8613800138002\n8613800138003\n'), 'numbers.csv.gz')).toMatchObject({ lines: 2, added: 1 });
    expect(await numbers(world)).toBe(3);
  });

  it('of several windows is the same when every step is repeated, and beside another', async () => {
    const world = await makeWorld();
    const { gateways, actor, tenant, marketing } = world;
    const count = Math.ceil((2.5 * RANGE_BYTES) / 14);
    const lines = Array.from({ length: count }, (_line, at) => String(MAINLAND + at)).join('\n');
    const upload = await uploadFile(world, lines);
    const id = await startBlacklistImport(gateways, actor, marketing.id, upload);
    const again = () => runImportStep(gateways, { step: 'blacklist', tenant, id });
    await Promise.all([again(), again()]);
    expect(await untilEnded(world, id)).toMatchObject({ state: 'done', lines: count, added: count, refused: 0 });
    await again();
    expect(await numbers(world)).toBe(count);
  });

  it('that cannot be read ends with the reason and leaves the list as it was', async () => {
    const world = await makeWorld();
    const tooLong = `8613800138001\n${'9'.repeat(70_000)}\n`;
    expect(await imported(world, tooLong)).toMatchObject({ state: 'failed', error: { code: 'file_line_too_long', details: { line: 2 } } });
    expect(await imported(world, 'number\n')).toMatchObject({ state: 'failed', error: { code: 'file_empty' } });
    expect(await numbers(world)).toBe(0);
  });

  it('goes on after its job was lost', async () => {
    const world = await makeWorld();
    const { gateways, actor, marketing, tenant } = world;
    const upload = await uploadFile(world, '8613800138001\n');
    const id = ('bi_LOST' + tenant.slice(3)) as BlacklistImportId;
    const lost = { id, keyId: marketing.id, userId: actor.user, uploadId: upload, fileName: 'numbers.csv' };
    await gateways.tenant(tenant).blacklistImports.add(lost, Date.now() - IMPORT_STUCK_MS - 1);
    await requeueStuckImports(gateways, Date.now());
    expect(await untilEnded(world, id)).toMatchObject({ state: 'done', added: 1 });
  });

  it('is not begun by a viewer, nor for another tenant’s key or upload, nor before it is whole', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    const { gateways, actor, marketing } = world;
    const upload = await uploadFile(world, '8613800138001\n');
    const open = await (await world.fetch('/api/uploads', { json: { fileName: 'a.csv', size: 3 } })).json<{ id: UploadId }>();
    const start = (who: World['actor'], key = marketing.id, file = upload) => startBlacklistImport(gateways, who, key, file);
    await expect(start({ ...actor, role: 'viewer' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(start(stranger.actor)).rejects.toMatchObject({ code: 'not_found' });
    await expect(start(stranger.actor, stranger.marketing.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(start(actor, marketing.id, open.id)).rejects.toMatchObject({ code: 'upload_incomplete' });
    const id = await start(actor);
    expect((await stranger.fetch(`/api/blacklist-imports/${id}`)).status).toBe(404);
    await untilEnded(world, id);
    expect(await listBlacklistImports(gateways, actor, marketing.id)).toHaveLength(1);
  });

  it('names no refused line to a viewer', async () => {
    const world = await makeWorld();
    await imported(world, '8613800138001\nnonsense\n');
    const [seen] = await listBlacklistImports(world.gateways, { ...world.actor, role: 'viewer' }, world.marketing.id);
    expect(seen).toMatchObject({ refused: 1, named: [] });
  });
});
