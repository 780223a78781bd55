/**
 * A shard whose rows are final goes into the archive: its rows into a file, the file into D1, and only then are the rows let go. A crash
 * anywhere begins anew under the next revision; until D1 names a file the shard answers for its rows as before.
 */
import { archiveKey } from '../../schema/storage-keys';
import { encodeMessageId } from '../../schema/message-id';
import { ARCHIVE_MEMBER_ROWS } from '../../schema/protocol/archive';
import type { ShardSettings } from '../../schema/protocol/message-shard';
import { CORRECTABLE_MESSAGE_STATES, messageStateCode, STATE_CODES } from '../../schema/states';
import type { Gateways } from '../../workers/gateways';
import { ArchiveFile, type ArchiveContents } from '../../workers/gateways/archive-file';
import type { ArchiveRecord } from '../../workers/gateways/stores/archive-files';
import { count } from '../../workers/gateways/meter';
import { run } from '../kit/storage';
import { contentOf } from './claim';
import { constantContent } from './export';
import { stateOf } from './message-records';
import type { StateAccess } from './outbox';
import type { ShardState } from './shard-state';

type Stored = [
  row: number,
  recipient: number,
  classAndState: number,
  error: string | null,
  network: string | null,
  acceptedAt: number | null,
  submittedAt: number | null,
  finalAt: number | null,
  content: string | null,
];

/** Tells D1 of a file, with the patches as they then stand. */
export type WriteFile = (record: Omit<ArchiveRecord, 'patches'>) => Promise<void>;

/** @param goOn told after each member, so that nobody thinks this shard dead */
export async function sealShard(files: Gateways['files'], access: StateAccess, write: WriteFile, goOn: () => void): Promise<void> {
  const { settings, revision, file } = access.change((state) => begin(state, Date.now()));
  const contents = await writeFile(files, access, file, goOn);
  const { shard, tenant: tenantId } = settings;
  await write({ ...contents, shard, tenantId, dataset: 'current', file, revision, sealedAt: Date.now(), foldedAt: null });
  access.change((state) => {
    state.archive.keep(revision, Date.now());
    empty(state, Date.now());
  });
}

function begin(state: ShardState, now: number): { settings: ShardSettings; revision: number; file: string } {
  const { settings, progress } = state;
  const { startedAt } = progress;
  if (!settings || startedAt === null) throw new Error('a shard that never began has nothing to seal');
  // Nothing waits for the carrier any more. From here on a row that changes is noted as a patch as well.
  state.advance({ phase: 'sealing', expireAt: null });
  const keyOf = (revision: number): string => archiveKey('current', settings.tenant, startedAt, settings.shard, revision);
  return { settings, ...state.archive.begin(keyOf, now) };
}

async function writeFile(files: Gateways['files'], access: StateAccess, key: string, goOn: () => void): Promise<ArchiveContents> {
  const file = new ArchiveFile(files, key);
  try {
    for (let after = 0; after < access.read().lastRow;) {
      // A call may have come in between members and a failed one renews the state: it is asked for each time.
      after = addRows(access.read(), file, after);
      await file.flush();
      goOn();
    }
    return await file.finish();
  } catch (thrown) {
    await file.abort();
    throw thrown;
  }
}

/** Read to the end: a cursor that is left open would hold the table. @returns the last row that was added */
function addRows(state: ShardState, file: ArchiveFile, after: number): number {
  const { settings, sql, classes } = state;
  if (!settings) throw new Error('a shard lost its settings while it was sealed');
  const { shard, task, taskName, key, traffic: kind } = settings;
  const shared = { task, taskName, key, kind };
  const constant = constantContent(settings);
  const startedAt = state.progress.startedAt ?? 0;
  const cursor = sql.exec(
    `SELECT row, recipient, class * ${STATE_CODES} + state, error, network, accepted_at, submitted_at, final_at${constant ? '' : ', content'}
     FROM messages WHERE row > ? ORDER BY row LIMIT ?`,
    after,
    ARCHIVE_MEMBER_ROWS,
  );
  let last = state.lastRow;
  for (const stored of cursor.raw() as Iterable<Stored>) {
    const [row, recipient, classAndState, error, network, acceptedAt, submittedAt, finalAt, content] = stored;
    const code = classAndState % STATE_CODES;
    const { text, from, ref } = constant ?? contentOf(settings, content);
    file.add(row, {
      shared,
      id: encodeMessageId(shard, row),
      receivedAt: acceptedAt ?? startedAt,
      submittedAt,
      finalAt,
      lineClass: classes.of((classAndState - code) / STATE_CODES),
      from,
      to: String(recipient),
      state: stateOf(code),
      error,
      network,
      ref,
      body: text,
    });
    last = row;
  }
  count('objectRowsRead', cursor.rowsRead);
  return last;
}

/** Rows that a late receipt may still correct stay, with all that merging and announcing it needs. */
function empty(state: ShardState, now: number): void {
  const { sql } = state;
  const correctable = JSON.stringify(CORRECTABLE_MESSAGE_STATES.map(messageStateCode));
  // Deleting all rows of a table is one step for SQLite, deleting most of them is one for each row.
  const isKept = 'state IN (SELECT value FROM json_each(?)) OR row IN (SELECT row FROM patches)';
  run(sql, `INSERT INTO kept_messages SELECT * FROM messages WHERE ${isKept}`, correctable);
  run(sql, 'DELETE FROM messages');
  run(sql, 'INSERT INTO messages SELECT * FROM kept_messages');
  run(sql, 'DELETE FROM kept_messages');
  run(sql, 'DELETE FROM part_receipts WHERE row NOT IN (SELECT row FROM messages)');
  run(sql, 'DELETE FROM ranges');
  state.archive.seal(state.lastRow, now);
  state.advance({ phase: 'sealed' });
}
