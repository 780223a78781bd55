/** All kinds of exports: a new one is added here, in schema/states (EXPORT_KINDS), in schema/console (ExportFilters) and in plan.ts. */
import type { ExportRequest, RequestOf } from '../../schema/exports';
import type { TenantId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import type { ExportKind } from '../../schema/states';
import type { FileColumn } from '../rules/file-columns';
import type { Kind, KindGateways, RowSource } from './kind';
import { blacklist } from './kinds/blacklist';
import { log } from './kinds/log';
import { report } from './kinds/report';
import { failures, statement } from './kinds/task-messages';
import { tasks } from './kinds/tasks';

const KINDS: { readonly [Name in ExportKind]: Kind<RequestOf<Name>> } = { log, statement, failures, tasks, blacklist, report };

/** A request with its kind: what belongs together stays together. */
function withKind<Answer>({
  request,
  use,
}: {
  request: ExportRequest;
  use: <R extends ExportRequest>(kind: Kind<R>, wanted: R) => Answer;
}): Answer {
  switch (request.kind) {
    case 'log':
      return use(KINDS.log, request);
    case 'statement':
      return use(KINDS.statement, request);
    case 'failures':
      return use(KINDS.failures, request);
    case 'tasks':
      return use(KINDS.tasks, request);
    case 'blacklist':
      return use(KINDS.blacklist, request);
    case 'report':
      return use(KINDS.report, request);
  }
}

export const kindName = (name: ExportKind, locale: LineFormat['locale']): string => KINDS[name].name[locale];

export const columnsFor = (request: ExportRequest): readonly FileColumn[] =>
  withKind({ request, use: (kind, wanted) => kind.columnsOf(wanted) });

export const openRows = (gateways: KindGateways, tenant: TenantId, request: ExportRequest, format: LineFormat, until: number): RowSource =>
  withKind({ request, use: (kind, wanted) => kind.open(gateways, tenant, wanted, format, until) });
