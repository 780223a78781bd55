/** The strings that the cells of a book share. */
import { StringStore } from './string-store';
import { readXml } from './xml-events';
import type { ZipFile } from './zip-file';

/** @param name of the part in the archive; null when the book has none */
export async function readSharedStrings(zip: ZipFile, name: string | null, passed: (bytes: number) => void): Promise<StringStore> {
  const store = new StringStore();
  if (name === null || !zip.has(name)) return store;
  let text = '';
  let inText = false;
  let inPhonetic = false;
  const xml = readXml({
    open(tag) {
      if (tag === 'si') text = '';
      else if (tag === 't') inText = !inPhonetic;
      else if (tag === 'rPh') inPhonetic = true;
    },
    text(part) {
      if (inText) text += part;
    },
    close(tag) {
      if (tag === 't') inText = false;
      else if (tag === 'rPh') inPhonetic = false;
      else if (tag === 'si') store.add(unescapeCharacters(text));
    },
  });
  await zip.each(name, (bytes) => {
    passed(bytes.length);
    xml.write(bytes);
  });
  xml.end();
  return store;
}

/** `_x000D_` is how Office writes characters that XML cannot hold. */
export const unescapeCharacters = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;
