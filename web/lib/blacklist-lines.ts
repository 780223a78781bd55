/** Numbers as one types or pastes them: one a line, or apart by commas; blanks belong to a number. */
export const blacklistLines = (text: string): string[] =>
  text
    .split(/[\n\r,，;；]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
