/** Files of numbers to upload. */

/** Valid Brazilian mobiles; the simulator delivers them unless a number asks for something else. */
export const brazilian = (at: number): string => `+55119${String(80_000_000 + at * 7).padStart(8, '0')}`;

export interface NumbersFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A csv with a header, `valid` good rows, and behind them one that is no number and one that repeats the first. */
export function numbersFile(name: string, valid: number): NumbersFile {
  const rows = Array.from({ length: valid }, (_row, at) => `${brazilian(at)},Ana ${at},C${at}`);
  const lines = ['phone,name,code', ...rows, 'no number,Bad,C', `${brazilian(0)},Again,C`];
  return { name, mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\r\n')}\r\n`) };
}
