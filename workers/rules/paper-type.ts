/** What kind of paper a file is, by its first bytes: png, jpeg and pdf are taken. Pure. */
const KINDS: readonly { readonly type: string; readonly begins: readonly number[] }[] = [
  { type: 'image/png', begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', begins: [0xff, 0xd8, 0xff] },
  { type: 'application/pdf', begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
];

/** null for everything else. */
export const paperType = (bytes: Uint8Array): string | null =>
  KINDS.find(({ begins }) => begins.every((byte, at) => bytes[at] === byte))?.type ?? null;
