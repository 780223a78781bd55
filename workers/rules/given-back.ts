/** Memory that is given back at once. */

/** Smaller arrays may share their memory with others (Node keeps a pool of 8 KiB). */
const OWN_BYTES = 64 * 1024;

/**
 * Frees the memory of an array that nobody reads again. V8 counts such memory only now and then: an export of ten million rows, which unpacks
 * two and a half megabytes a member, had more than the isolate may have before any of it was collected.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.byteLength >= OWN_BYTES && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
