/** Long inbound messages arrive in parts, in any order, some of them twice. Which of the parts at hand make a message? */

export interface InboundPart {
  /** The carrier's id of the part: the same part delivered twice has the same. */
  readonly id: string;
  /** From 1. */
  readonly part: number;
  readonly text: string;
  /** ms UTC */
  readonly receivedAt: number;
}

export interface Joined {
  /** Of the part with the lowest number: however often and by whomever it is joined, the message is the same. */
  readonly id: string;
  readonly text: string;
  readonly parts: readonly InboundPart[];
  readonly isComplete: boolean;
  /** Of the last part, ms UTC. */
  readonly receivedAt: number;
}

/** Stands for what never came. */
const GAP = '…';

/**
 * @param parts of one handset, number and reference that belong to no message yet
 * @param total as the parts say
 * @param isOverdue what is missing will not come: join what there is
 * @returns null while parts are awaited
 */
export function joinParts(parts: readonly InboundPart[], total: number, isOverdue: boolean): Joined | null {
  // A reference is one of 256 and comes round again: of two parts with one number the older belongs to this message.
  const byNumber = new Map<number, InboundPart>();
  for (const part of parts.toSorted((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1))) {
    if (part.part >= 1 && part.part <= total && !byNumber.has(part.part)) byNumber.set(part.part, part);
  }
  const isComplete = byNumber.size === total;
  const used = [...byNumber.values()].toSorted((a, b) => a.part - b.part);
  const [first] = used;
  if (!first || (!isComplete && !isOverdue)) return null;
  let text = '';
  for (let number = 1; number <= total; number += 1) {
    const part = byNumber.get(number);
    if (part) text += part.text;
    else if (byNumber.has(number - 1) || number === 1) text += GAP;
  }
  return { id: first.id, text, parts: used, isComplete, receivedAt: Math.max(...used.map(({ receivedAt }) => receivedAt)) };
}
