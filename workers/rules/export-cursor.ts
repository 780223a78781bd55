/** Where a page of the download centre ended. */
import type { ExportId } from '../../schema/ids';

interface ExportPosition {
  /** ms UTC */
  readonly createdAt: number;
  readonly id: ExportId;
}

const CURSOR = /^(\d{1,15})\.(ex_[0-9A-HJKMNP-TV-Z]{20})$/;

export const encodeExportCursor = ({ createdAt, id }: ExportPosition): string => `${createdAt}.${id}`;

/** @returns null for anything else */
export function decodeExportCursor(text: string): ExportPosition | null {
  const match = CURSOR.exec(text);
  return match ? { createdAt: Number(match[1]), id: match[2] as ExportId } : null;
}
