/** The console's verbs, bound to one request's gateways. */
import type { ConsoleServices } from '../../schema/console';
import type { Gateways } from '../gateways';

export function bindServices(gateways: Gateways): ConsoleServices {
  return {};
}
