/** Numbers as one types or pastes them: one a line, or apart by commas; blanks belong to a number. */
export interface BlacklistLine {
  /** In the text box, from 1. */
  readonly line: number;
  readonly value: string;
}

export const blacklistLines = (text: string): BlacklistLine[] =>
  text.split(/\r\n|\n|\r/).flatMap((whole, at) =>
    whole
      .split(/[,;，；]+/)
      .map((value) => value.trim())
      .filter((value) => value !== '')
      .map((value) => ({ line: at + 1, value })),
  );
