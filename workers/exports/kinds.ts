/** All kinds of exports: a new one is added here, in schema/states (EXPORT_KINDS) and in request.ts. */
import type { LineFormat } from '../../schema/protocol/message-shard';
import type { ExportRequest, RequestOf } from '../../schema/console';
import type { TenantId } from '../../schema/ids';
import type { ExportKind } from '../../schema/states';
import type { Kind, KindGateways, RowSource } from './kind';
import { blacklist } from './kinds/blacklist';
import { log } from './kinds/log';
import { failures, statement } from './kinds/task-messages';
import { tasks } from './kinds/tasks';

const KINDS: { readonly [Name in ExportKind]: Kind<RequestOf<Name>> } = { log, statement, failures, tasks, blacklist };

export const kindOf = (name: ExportKind): Pick<Kind<never>, 'name' | 'columns'> => KINDS[name];

export function openRows(gateways: KindGateways, tenant: TenantId, request: ExportRequest, format: LineFormat, until: number): RowSource {
  const open = <Name extends ExportKind>(kind: Kind<RequestOf<Name>>, wanted: RequestOf<Name>): RowSource =>
    kind.open(gateways, tenant, wanted, format, until);
  switch (request.kind) {
    case 'log':
      return open(KINDS.log, request);
    case 'statement':
      return open(KINDS.statement, request);
    case 'failures':
      return open(KINDS.failures, request);
    case 'tasks':
      return open(KINDS.tasks, request);
    case 'blacklist':
      return open(KINDS.blacklist, request);
  }
}
