import type { JSXChildren } from '@builder.io/qwik';
import { Icon, type IconName } from './icon';

export const EmptyState = ({ icon = 'empty', title, children }: { icon?: IconName; title: string; children?: JSXChildren }) => (
  <div class="empty">
    <Icon name={icon} />
    <b>{title}</b>
    {children}
  </div>
);
