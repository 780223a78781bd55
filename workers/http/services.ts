/** The console's verbs, bound to one request's gateways. */
import type { ConsoleServices } from '../../schema/console';
import { cancelExport } from '../exports/cancel';
import { fetchExport } from '../exports/download';
import { repeatExport } from '../exports/repeat';
import { startExport } from '../exports/start';
import { listExports, readExport } from '../exports/view';
import type { Gateways } from '../gateways';
import { readMessage, searchMessages } from '../messages/search';
import { readHome } from '../tenancy/home';

export function bindServices(gateways: Gateways): ConsoleServices {
  return {
    home: (actor) => readHome(gateways, actor),
    log: (actor, filter, cursor, limit) => searchMessages(gateways, actor, filter, cursor, limit),
    message: (actor, id) => readMessage(gateways, actor, id),
    startExport: (actor, request) => startExport(gateways, actor, request),
    exports: (actor, cursor) => listExports(gateways, actor, cursor),
    export: (actor, id) => readExport(gateways, actor, id),
    cancelExport: (actor, id) => cancelExport(gateways, actor, id),
    repeatExport: (actor, id) => repeatExport(gateways, actor, id),
    exportFile: (actor, id, range, ifRange) => fetchExport(gateways, actor, id, range, ifRange ?? null),
  };
}
