import { component$, Slot } from '@builder.io/qwik';
import type { RequestHandler } from '@builder.io/qwik-city';
import { platformOf } from '../lib/platform';

/** Before anything else: the language of the answer and the nonce that Qwik puts on its own scripts. */
export const onRequest: RequestHandler = (event) => {
  const { locale, nonce } = platformOf(event);
  event.locale(locale);
  event.sharedMap.set('@nonce', nonce);
};

export default component$(() => <Slot />);
