/** From rows to parts in R2: takes the rows of a kind from a checkpoint on and packs them, until they or the step's time are over. */
import { EXPORT_PART_BYTES } from '../../schema/limits';
import { exportKey } from '../../schema/storage-keys';
import type { ExportRow } from '../gateways/stores/exports';
import type { ExportCheckpoint } from '../rules/export-checkpoint';
import { giveBack } from '../rules/given-back';
import { BatchSize } from './batch-size';
import { packCarry, unpackCarry } from './carry';
import { packerFor } from './formats';
import type { HeldExport } from './held-export';
import type { KindGateways, Place } from './kind';
import { openRows } from './kinds';
import { PartWriter } from './part-writer';
import type { ExportPlan } from './plan';
import type { PackedState } from './row-packer';

const EMPTY: ExportCheckpoint = {
  phase: 'reading',
  multipart: null,
  etags: [],
  carry: { kind: 'inline', base64: '' },
  position: null,
  rows: 0,
  bytes: 0,
  stored: 0,
  members: [],
  book: null,
  ended: false,
};

/** What the bytes have reached; a checkpoint is made from it when they are stored. */
type Reached = Pick<ExportCheckpoint, 'position' | 'rows' | 'ended'> & PackedState;

/** @returns what the file is once its parts are joined; null when `deadlineAt` came first: the checkpoint then says where to go on */
export async function writeRows(
  gateways: KindGateways,
  held: HeldExport,
  { tenantId: tenant, id }: ExportRow,
  plan: ExportPlan,
  deadlineAt: number,
): Promise<ExportCheckpoint | null> {
  const { files } = gateways;
  const key = exportKey(tenant, id);
  const source = openRows(gateways, tenant, plan.request, plan.format, plan.until);
  const from = held.done ?? EMPTY;
  if (held.done === null) held.expect(await source.rowsAtMost());

  let { multipart, rows, ended } = from;
  let position = from.position as Place;
  const packer = packerFor(plan, from);
  const reached = (): Reached => ({ position: position as ExportCheckpoint['position'], rows, ended, ...packer.state });
  const checkpoint = async (at: Reached, etags: readonly string[], carry: Uint8Array): Promise<ExportCheckpoint> => ({
    phase: 'reading',
    multipart,
    etags: [...etags],
    carry: await packCarry(files, tenant, id, carry),
    stored: etags.length * EXPORT_PART_BYTES + carry.byteLength,
    ...at,
  });
  const parts = new PartWriter<Reached>(
    {
      async store(number, part) {
        if (multipart === null) {
          multipart = await files.beginParts(key);
          // Known to the row before the first part, so that whoever cancels can drop it.
          await held.save({ ...(held.done ?? EMPTY), multipart });
        }
        return (await files.writePart(key, multipart, number, part)).etag;
      },
      async stored({ etags, carry, place }) {
        await held.save(await checkpoint(place, etags, carry));
      },
    },
    EXPORT_PART_BYTES,
    from.etags,
    await unpackCarry(files, from.carry),
  );
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.byteLength > 0) await parts.write(bytes, reached());
    giveBack(bytes);
  };

  const size = new BatchSize(held.failures > 0);
  for await (const batch of ended ? [] : source.batches(position, size)) {
    size.saw(batch.rows, batch.bytes.byteLength);
    packer.add(batch.bytes);
    if (batch.isOwn) giveBack(batch.bytes);
    rows += batch.rows;
    position = batch.place;
    if (packer.isFull) await write(packer.take());
    await held.progress(rows, packer.bytes);
    if (Date.now() < deadlineAt) continue;
    await write(packer.take());
    const { etags, carry } = await parts.settle();
    await held.handOver(await checkpoint(reached(), etags, carry));
    parts.close();
    return null;
  }
  if (!ended) {
    await write(packer.take());
    const end = packer.end();
    ended = true;
    await write(end);
  }
  const { etags, carry: last } = await parts.settle();
  const whole = { ...reached(), book: null, stored: parts.bytes, multipart, carry: EMPTY.carry };
  if (multipart === null) {
    held.wrote(rows, whole.bytes);
    // Whoever has lost the lease must not write over the file of another step.
    await held.renew();
    await files.write(key, last);
    parts.close();
    return { ...whole, phase: 'reading', etags: [] };
  }
  const lastEtags = last.byteLength === 0 ? [] : [(await files.writePart(key, multipart, etags.length + 1, last)).etag];
  const joining: ExportCheckpoint = { ...whole, phase: 'joining', etags: [...etags, ...lastEtags] };
  await held.save(joining);
  parts.close();
  return joining;
}
