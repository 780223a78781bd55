/**
 * On a page with moving parts (`data-moves`): asks for them again and again. In a file of its own, because the browser fetches with it whatever its module
 * holds, and on a page on which nothing moves it is left out.
 */
import { component$, useVisibleTask$ } from '@builder.io/qwik';
import { renewParts } from '../lib/follow';

export const PartsRenewed = component$(() => {
  useVisibleTask$((task) => task.cleanup(renewParts(10_000)), { strategy: 'document-ready' });
  // The task needs an element to hang on.
  return <span hidden />;
});
