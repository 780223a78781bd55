/** Bytes between two steps: few of them travel in the checkpoint, many in a file of their own. */
import type { ExportId, TenantId } from '../../schema/ids';
import { exportCarryKey } from '../../schema/storage-keys';
import type { Files } from '../gateways/files';
import type { ExportCheckpoint } from '../rules/export-checkpoint';

type Carry = ExportCheckpoint['carry'];

/** A D1 value holds 2 MB and the etags are in it as well. */
const INLINE_BYTES = 64 * 1024;

export async function packCarry(files: Files, tenant: TenantId, id: ExportId, bytes: Uint8Array): Promise<Carry> {
  if (bytes.byteLength <= INLINE_BYTES) return { kind: 'inline', base64: Buffer.from(bytes).toString('base64') };
  // A name never used before: the checkpoint that still names the old file must find it unchanged.
  const key = exportCarryKey(tenant, id, crypto.randomUUID());
  await files.write(key, bytes);
  return { kind: 'file', key, size: bytes.byteLength };
}

/** @throws Error when the file is gone: the export can only start anew */
export async function unpackCarry(files: Files, carry: Carry): Promise<Uint8Array> {
  if (carry.kind === 'inline') return Buffer.from(carry.base64, 'base64');
  const bytes = await files.read(carry.key);
  if (bytes?.byteLength !== carry.size) throw new Error('carried bytes are gone');
  return bytes;
}
