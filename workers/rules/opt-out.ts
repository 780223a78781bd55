/** Does this reply mean that its sender wants no more messages? Decided by its first word, whatever its case and width. */

/** CTIA's list, the French word that carriers in France demand, and mainland China's `T`, `TD` and 退订. */
const WORDS = new Set(['T', 'TD', 'STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'ARRET']);
/** Chinese has no blanks between words: a reply that begins with one of these says so. */
const BEGINNINGS = ['退订', '退訂', '取消订阅', '取消訂閱', '拒收', '拒绝接收', '拒絕接收', '停止发送', '停止發送'];

export function isOptOut(text: string): boolean {
  // NFKC makes full-width letters narrow; what stands around a word (quotes, brackets, full stops) is not part of it.
  const plain = text.normalize('NFKC').toUpperCase();
  const word = /[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*/u.exec(plain)?.[0] ?? '';
  return WORDS.has(word.replaceAll(/[-_]/g, '')) || BEGINNINGS.some((beginning) => word.startsWith(beginning));
}
