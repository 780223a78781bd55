import { component$ } from '@builder.io/qwik';
import type { DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';

export default component$(() => <h1>{_`Today`}</h1>);

export const head: DocumentHead = () => ({ title: _`Home` });
