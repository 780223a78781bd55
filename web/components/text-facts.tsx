import type { QRL } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { CharacterKind, CostlyCharacter } from '../../workers/rules/gsm-look-alikes';
import type { Locale } from '../../schema/states';
import { characterKindLabel } from '../lib/labels';
import { number } from '../lib/numbers';
import type { TextFacts } from '../lib/message-text';

interface TextFactsLineProps {
  readonly facts: TextFacts;
  readonly locale: Locale;
  /** Puts look-alikes in their places while the page stays; without script the form is posted with `intent` "replace". Absent = not offered. */
  readonly onReplace$?: QRL<(area: HTMLTextAreaElement | null) => unknown>;
}

/** Encoding, length and parts under the text box, what makes them more than they need be, and a way out of it. */
export const TextFactsLine = ({ facts, locale, onReplace$ }: TextFactsLineProps) => (
  <>
    <p class="measure" aria-live="polite">
      <span class={['badge', facts.encoding === 'GSM-7' ? 'ok' : 'warn']}>{facts.encoding}</span>
      <span>{_`${number(facts.characters, locale)} characters`}</span>
      <span>{_`${number(facts.parts, locale)} parts billed each`}</span>
      {facts.variables && <span class="muted">{_`counted with the values of the preview`}</span>}
    </p>
    {facts.costly.length > 0 && (
      <div class="costly">
        <p>
          {facts.encoding === 'UCS-2'
            ? _`These characters make it UCS-2, 70 characters a part:`
            : _`GSM-7 cannot carry these; the carrier sends “?” instead:`}
        </p>
        <Letters costly={facts.costly} />
        {facts.replaced && onReplace$ && (
          <p class="bar">
            <button
              type="submit"
              class="btn small"
              name="intent"
              value="replace"
              preventdefault:click
              onClick$={(_event, button) => onReplace$(button.form?.querySelector('textarea') ?? null)}
            >
              {_`Replace what can be replaced`}
            </button>
            <span>
              {facts.replaced.encoding === 'GSM-7'
                ? _`Then it is GSM-7 and ${facts.replaced.parts} parts.`
                : _`It stays UCS-2 and is ${facts.replaced.parts} parts: the others have no look-alike.`}
            </span>
          </p>
        )}
      </div>
    )}
    {facts.malformed.length > 0 && (
      <p class="error">{_`Not a variable: ${facts.malformed.join(' ')}. Write {{name}}, with letters, digits and _ only.`}</p>
    )}
  </>
);

/** More of one kind would be a wall: the first ones show where to look. */
const LETTERS_SHOWN = 12;

/** By what they are, each with what may stand in its place. */
const Letters = ({ costly }: { costly: readonly CostlyCharacter[] }) => {
  const kinds = [...new Set(costly.map(({ kind }) => kind))];
  return (
    <dl class="letters">
      {kinds.map((kind) => {
        const letters = costly.filter((one) => one.kind === kind);
        return (
          <div key={kind}>
            <dt>{characterKindLabel(kind)}</dt>
            <dd>
              {letters.slice(0, LETTERS_SHOWN).map(({ character, by }) => (
                <span key={character}>
                  <code title={codePoint(character)}>{visible(character, kind)}</code>
                  {by !== null && (
                    <>
                      <span aria-hidden="true"> → </span>
                      <span class="unseen">{_`becomes`}</span>
                      {by === '' ? <i>{_`nothing`}</i> : <code class="good">{visible(by, kind)}</code>}
                    </>
                  )}
                </span>
              ))}
              {letters.length > LETTERS_SHOWN && <span class="muted">+{letters.length - LETTERS_SHOWN}</span>}
              {letters.every(({ by }) => by === null) && <span class="muted">{_`no look-alike`}</span>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
};

const codePoint = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** What would be seen as nothing is named by its number, a blank is drawn. */
function visible(character: string, kind: CharacterKind): string {
  if (character === ' ') return '␣';
  if (character === '\n') return '⏎';
  return kind === 'space' || kind === 'invisible' || /^[\p{C}\p{M}\p{Z}]$/u.test(character) ? codePoint(character) : character;
}
