/** Files of a posted form; an empty file input posts one file without a name. Server only. */
import type { JSONObject } from '@builder.io/qwik-city';

export async function postedFiles(form: JSONObject, name: string): Promise<{ fileName: string; content: ArrayBuffer }[]> {
  const value: unknown = form[name];
  const files = (Array.isArray(value) ? value : [value]).filter((file: unknown): file is File => file instanceof File && file.name !== '');
  return Promise.all(files.map(async (file) => ({ fileName: file.name, content: await file.arrayBuffer() })));
}
