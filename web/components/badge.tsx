import type { Label } from '../lib/labels';

export const Badge = ({ label }: { label: Label }) => <span class={['badge', label.tone, label.live ? 'live' : '']}>{label.text}</span>;
