/** Names of the columns and the first row of a text file, read in the browser before anything is sent: the preview fills its variables from it. */
import { detectDelimiter, parseCsv } from '../../workers/rules/csv';

const HEAD_BYTES = 64 * 1024;

export type Sample = Readonly<Record<string, string>>;

/** Empty for files that are no plain text (xlsx, gz) or have one column. */
export async function readSample(file: File): Promise<Sample> {
  if (!/\.(csv|txt)$/i.test(file.name)) return {};
  const text = decode(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const [names, values] = parseCsv(text, detectDelimiter(text));
  if (!names || !values || names.length < 2) return {};
  return Object.fromEntries(names.map((name, at) => [name.trim(), values[at]?.trim() ?? '']));
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
