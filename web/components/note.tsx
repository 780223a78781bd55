import type { JSXChildren } from '@builder.io/qwik';
import { Icon, type IconName } from './icon';

export type Tone = 'ok' | 'warn' | 'bad' | 'wait' | 'busy';
const ICONS: Readonly<Record<Tone, IconName>> = { ok: 'check', warn: 'alert', bad: 'alert', wait: 'info', busy: 'info' };

/** A message about the whole page or form; a refusal is announced at once. */
export const Note = ({ tone, children }: { tone: Tone; children?: JSXChildren }) => (
  <div class={['note', tone]} role={tone === 'bad' ? 'alert' : 'status'}>
    <Icon name={ICONS[tone]} />
    <div>{children}</div>
  </div>
);
