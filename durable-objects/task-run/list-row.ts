/** The row that lists of tasks show, made from the truth. */
import type { TaskRow } from '../../workers/gateways/stores/tasks';
import type { RunRecord } from './record';
import { countsOf, type SendingTotals } from './totals';

export function listRow(record: RunRecord, sending: SendingTotals): TaskRow {
  const { settings, check } = record;
  const { totals } = check;
  const byMessages = Object.entries(totals.byCountry).toSorted(([, a], [, b]) => b.messages - a.messages);
  return {
    id: settings.task,
    tenantId: settings.tenant,
    kind: settings.domestic ? 'domestic' : 'international',
    name: settings.name,
    userId: settings.createdBy,
    keyId: settings.key,
    uploadId: settings.upload,
    sender: settings.sender,
    text: settings.text,
    state: record.state,
    createdAt: settings.createdAt,
    startsAt: record.startsAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    rows: totals.rows,
    valid: totals.valid,
    ...countsOf(sending.byState),
    costMicros: record.endedAt !== null && record.startedAt !== null ? sending.costMicros : totals.costMicros,
    countries: byMessages.map(([country]) => country),
    version: record.version,
  };
}
