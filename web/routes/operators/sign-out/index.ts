import type { RequestHandler } from '@builder.io/qwik-city';
import { OPERATORS_HOME, signInPath } from '../../../lib/paths';
import { platformOf } from '../../../lib/platform';

export const onPost: RequestHandler = async (event) => {
  const { operator, operatorServices } = platformOf(event);
  if (operator) event.headers.append('set-cookie', await operatorServices.signOut(operator));
  throw event.redirect(303, signInPath(OPERATORS_HOME, OPERATORS_HOME));
};
