import { component$ } from '@builder.io/qwik';
import type { DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';

export default component$(() => (
  <div class="head">
    <div class="grow">
      <h1>{_`Platform health`}</h1>
    </div>
  </div>
));

export const head: DocumentHead = () => ({ title: _`Platform health` });
