import { beforeAll, describe, expect, it } from 'vitest';
import type { UploadView } from '../../schema/console';
import { UPLOAD_LIFETIME_MS, UPLOAD_PART_BYTES } from '../../schema/limits';
import { uploadKey } from '../../schema/storage-keys';
import { expireUploads } from '../../workers/tasks/expire-uploads';
import { makeWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const begin = async (size: number, fileName = 'numbers.csv', who = world): Promise<UploadView> => {
  const answer = await who.fetch('/api/uploads', { json: { fileName, size } });
  expect(answer.status).toBe(201);
  return answer.json();
};
const putPart = (id: string, part: number, body: Uint8Array, who = world): Promise<Response> =>
  who.fetch(`/api/uploads/${id}/parts/${part}`, { method: 'PUT', body });
const complete = (id: string, who = world): Promise<Response> => who.fetch(`/api/uploads/${id}/complete`, { method: 'POST' });
const codeOf = async (answer: Response): Promise<string> => (await answer.json<{ code: string }>()).code;

describe('an upload', () => {
  it('is stored as the parts make it, and says what is still missing', async () => {
    const size = UPLOAD_PART_BYTES + 10;
    const upload = await begin(size);
    expect(upload).toMatchObject({ parts: 2, partBytes: UPLOAD_PART_BYTES, received: [], state: 'open' });
    const second = new Uint8Array(10).fill(50);
    expect((await putPart(upload.id, 2, second)).status).toBe(200);

    const resumed = await world.fetch(`/api/uploads/${upload.id}`);
    expect(await resumed.json()).toMatchObject({ received: [2] });
    expect(await codeOf(await complete(upload.id))).toBe('upload_incomplete');

    expect((await putPart(upload.id, 1, new Uint8Array(UPLOAD_PART_BYTES).fill(49))).status).toBe(200);
    expect(await (await complete(upload.id)).json()).toMatchObject({ state: 'complete', received: [1, 2] });
    const stored = await world.gateways.files.read(uploadKey(world.tenant, upload.id), { offset: UPLOAD_PART_BYTES - 1, length: 2 });
    expect([...(stored ?? [])]).toEqual([49, 50]);
  });

  it('takes the same part again, the newest one counting', async () => {
    const upload = await begin(3);
    await putPart(upload.id, 1, new TextEncoder().encode('abc'));
    await putPart(upload.id, 1, new TextEncoder().encode('xyz'));
    expect((await complete(upload.id)).status).toBe(200);
    const stored = await world.gateways.files.read(uploadKey(world.tenant, upload.id));
    expect(new TextDecoder().decode(stored ?? undefined)).toBe('xyz');
  });

  it('may be completed twice, and a late part changes nothing', async () => {
    const upload = await begin(3);
    await putPart(upload.id, 1, new TextEncoder().encode('abc'));
    await complete(upload.id);
    expect(await (await complete(upload.id)).json()).toMatchObject({ state: 'complete' });
    expect((await putPart(upload.id, 1, new TextEncoder().encode('zzz'))).status).toBe(200);
    const stored = await world.gateways.files.read(uploadKey(world.tenant, upload.id));
    expect(new TextDecoder().decode(stored ?? undefined)).toBe('abc');
  });

  it('is completed when R2 had finished before the database heard of it', async () => {
    const upload = await begin(3);
    await putPart(upload.id, 1, new TextEncoder().encode('abc'));
    await complete(upload.id);
    await world.gateways.tenant(world.tenant).uploads.setState(upload.id, 'open');
    expect(await (await complete(upload.id)).json()).toMatchObject({ state: 'complete' });
  });

  it('refuses a part of the wrong size or number', async () => {
    const upload = await begin(3);
    expect(await codeOf(await putPart(upload.id, 1, new Uint8Array(2)))).toBe('upload_part_size');
    expect(await codeOf(await putPart(upload.id, 2, new Uint8Array(3)))).toBe('invalid_request');
    expect(await codeOf(await putPart(upload.id, 0, new Uint8Array(3)))).toBe('invalid_request');
  });

  it('refuses an empty file and one of another type', async () => {
    const answers = await Promise.all([
      world.fetch('/api/uploads', { json: { fileName: 'a.csv', size: 0 } }),
      world.fetch('/api/uploads', { json: { fileName: 'a.exe', size: 5 } }),
      world.fetch('/api/uploads', { json: { fileName: 'a.xlsx.zip', size: 5 } }),
    ]);
    expect(await Promise.all(answers.map(codeOf))).toEqual(['file_empty', 'file_type', 'file_type']);
  });

  it('of another tenant is as absent as one that never was', async () => {
    const upload = await begin(3);
    const stranger = await makeWorld();
    const tries = [
      stranger.fetch(`/api/uploads/${upload.id}`),
      putPart(upload.id, 1, new TextEncoder().encode('abc'), stranger),
      complete(upload.id, stranger),
      stranger.fetch('/api/uploads/up_00000000000000000000'),
    ];
    for (const answer of await Promise.all(tries)) {
      expect(answer.status).toBe(404);
      expect(await codeOf(answer)).toBe('not_found');
    }
  });

  it('is not open to those who may not send', async () => {
    const viewer = await makeWorld({ role: 'viewer' });
    expect(await codeOf(await viewer.fetch('/api/uploads', { json: { fileName: 'a.csv', size: 5 } }))).toBe('forbidden');
  });

  it('goes with its file when its time is over', async () => {
    const upload = await begin(3);
    await putPart(upload.id, 1, new TextEncoder().encode('abc'));
    await complete(upload.id);
    const unfinished = await begin(3);
    await expireUploads(world.gateways, Date.now() + UPLOAD_LIFETIME_MS + 1_000);
    expect(await world.gateways.files.size(uploadKey(world.tenant, upload.id))).toBeNull();
    expect(await codeOf(await putPart(unfinished.id, 1, new TextEncoder().encode('abc')))).toBe('gone');
  });
});
