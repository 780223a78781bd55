import { _ } from 'compiled-i18n';
import type { TextFacts } from '../lib/message-text';

/** Encoding, length and parts under the text box, and what makes them more than they need be. */
export const TextFactsLine = ({ facts }: { facts: TextFacts }) => (
  <>
    <p class="measure" aria-live="polite">
      <span class={['badge', facts.encoding === 'GSM-7' ? 'ok' : 'warn']}>{facts.encoding}</span>
      <span>{_`${facts.characters} characters`}</span>
      <span>{_`${facts.parts} parts billed each`}</span>
      {facts.variables && <span class="muted">{_`counted with the values of the preview`}</span>}
    </p>
    {facts.costly.length > 0 && facts.encoding === 'UCS-2' && (
      <div class="measure">
        <span>{_`These characters make it UCS-2, 70 characters a part:`}</span>
        <Letters letters={facts.costly} />
      </div>
    )}
    {facts.costly.length > 0 && facts.encoding === 'GSM-7' && (
      <div class="measure">
        <span>{_`GSM-7 cannot carry these; the carrier sends “?” instead:`}</span>
        <Letters letters={facts.costly} />
      </div>
    )}
    {facts.malformed.length > 0 && (
      <p class="error">{_`Not a variable: ${facts.malformed.join(' ')}. Write {{name}}, with letters, digits and _ only.`}</p>
    )}
  </>
);

/** More would be a wall: the first ones show where to look. */
const LETTERS_SHOWN = 16;

const Letters = ({ letters }: { letters: readonly string[] }) => (
  <span class="letters">
    {letters.slice(0, LETTERS_SHOWN).map((letter) => (
      <code key={letter}>{letter === ' ' ? '␣' : letter}</code>
    ))}
    {letters.length > LETTERS_SHOWN && <span class="muted">+{letters.length - LETTERS_SHOWN}</span>}
  </span>
);
