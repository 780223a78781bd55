/** Data from before July 2021 in the state of a platform that is to be started on it, by the command that operators use. */
import { join } from 'node:path';
import { runTool } from '../../../scripts/platform/command';
import { writeLegacyFiles } from '../../../scripts/screenshots/legacy-files';
import { DEMO_TENANT } from '../../../workers/tenancy/demo-data';
import { startPlatform } from '../../support/server';

/** The import needs a database that is there and that nobody else has open. */
export async function importLegacy(stateFolder: string): Promise<void> {
  const platform = await startPlatform({ stateFolder });
  await platform.stop();
  process.env['JMC_STATE'] = stateFolder;
  const refused = join(stateFolder, 'refused.csv');
  const order = ['--tenant', DEMO_TENANT.id, '--env', 'local', '--refused', refused];
  await runTool('tsx', ['scripts/legacy-import.ts', ...order, ...(await writeLegacyFiles(stateFolder))]);
}
