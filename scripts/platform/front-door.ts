/**
 * How a Worker with files is reached locally. Miniflare hands each request to a Worker's default entrypoint through two Workers of its own
 * that look for a file first: 0.7 ms of CPU a request, more than a whole receipt costs here. Cloudflare looks for files outside the Worker, at no cost
 * to it. So the local platform listens at an entrypoint of its own, which knows the names of the files and hands all else to the Worker
 * as it was deployed.
 */
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Name of the entrypoint that `frontDoor` exports. */
export const FRONT_DOOR = 'FrontDoor';

/** The `[assets]` of a wrangler.toml as miniflare wants them. */
export interface WorkerFiles {
  readonly directory: string;
  readonly binding: string;
}

/** Paths of URLs. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length).split(sep).join('/'));
}

/**
 * @param worker file name of the bundled Worker, beside which the module stands
 * @param files folder and binding of its files
 * @returns the source of a module that stands in the bundle's place
 */
export const frontDoor = (worker: string, files: WorkerFiles): string => `
import { WorkerEntrypoint } from 'cloudflare:workers';
import worker from './${worker}';
export * from './${worker}';
export default worker;
const files = new Set(${JSON.stringify(filesIn(files.directory))});
export class ${FRONT_DOOR} extends WorkerEntrypoint {
  async fetch(request) {
    const start = request.url.indexOf('/', 8);
    const end = request.url.indexOf('?', start);
    if (files.has(request.url.slice(start, end < 0 ? undefined : end)) && (request.method === 'GET' || request.method === 'HEAD')) {
      const file = await this.env.${files.binding}.fetch(request);
      if (file.status !== 404) return file;
    }
    return worker.fetch(request, this.env, this.ctx);
  }
}`;
