import type { JSXChildren } from '@builder.io/qwik';

export const Kpi = ({ label, value, children }: { label: string; value: string; children?: JSXChildren }) => (
  <dl class="card kpi">
    <dt>{label}</dt>
    <dd>
      <span class="v">{value}</span>
      <span class="d">{children}</span>
    </dd>
  </dl>
);
