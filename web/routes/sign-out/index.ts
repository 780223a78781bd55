import type { RequestHandler } from '@builder.io/qwik-city';
import { platformOf } from '../../lib/platform';

export const onPost: RequestHandler = async (event) => {
  const { actor, services } = platformOf(event);
  if (actor) event.headers.append('set-cookie', await services.signOut(actor));
  throw event.redirect(303, '/sign-in');
};
