/** XML as events, in pieces. Entities of a file's own and everything outside the file are refused by the parser: nothing is ever fetched or expanded. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AppError } from '../../../schema/errors';

export type Attributes = Readonly<Record<string, string>>;

export interface XmlEvents {
  /** Names of tags without their prefix, of attributes as they stand. */
  open(name: string, attributes: Attributes): void;
  text(text: string): void;
  close(name: string): void;
}

export interface XmlReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name);

/** @throws AppError file_not_xlsx (from `write` and `end`) at the first fault */
export function readXml(events: XmlEvents): XmlReader {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new TextDecoder();
  parser.on('error', () => {
    throw new AppError('file_not_xlsx');
  });
  parser.on('doctype', () => {
    throw new AppError('file_not_xlsx');
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => events.open(local(name), attributes));
  parser.on('text', (text) => events.text(text));
  parser.on('cdata', (text) => events.text(text));
  parser.on('closetag', ({ name }: SaxesTagPlain) => events.close(local(name)));
  return {
    write: (bytes) => void parser.write(decoder.decode(bytes, { stream: true })),
    end: () => void parser.write(decoder.decode()).close(),
  };
}

/** An attribute that stands under some prefix, as `r:id` does. */
export const prefixed = (attributes: Attributes, name: string): string | undefined =>
  Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];

/** A small document at once. */
export function readXmlText(text: string, events: Partial<XmlEvents>): void {
  const reader = readXml({ open: () => undefined, text: () => undefined, close: () => undefined, ...events });
  reader.write(new TextEncoder().encode(text));
  reader.end();
}
