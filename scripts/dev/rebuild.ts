/** Runs a build whenever watched files change: one build at a time, and once more when something changed while it ran. */
import { watch } from 'node:fs';
import { CommandFailed } from '../platform/command';
import { inRoot } from '../platform/settings';

/** Editors write a file in several steps, and a checkout changes many at once. */
const SETTLE_MS = 150;

export interface Rebuild {
  /** What is built, as the terminal names it. */
  readonly name: string;
  /** Folders, watched with everything in them, relative to the project. */
  readonly folders: readonly string[];
  /** Throws CommandFailed for code that does not build: what was built before goes on being served. */
  build(): Promise<void>;
}

/** @returns ends the watching; a build that runs is left to end by itself */
export function rebuildOnChange({ name, folders, build }: Rebuild): () => void {
  let running = false;
  let changed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (changed) {
      changed = false;
      const startedAt = performance.now();
      try {
        await build();
        console.log(`${name}: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      } catch (thrown) {
        console.error(`${name}: not built\n${thrown instanceof CommandFailed ? thrown.message : String(thrown)}`);
      }
    }
    running = false;
  };
  const watchers = folders.map((folder) =>
    watch(inRoot(folder), { recursive: true }, () => {
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(() => void run(), SETTLE_MS);
      // A checkout takes folders away under the watch; without a listener that would end the process.
    }).on('error', (thrown) => console.error(`${name}: no longer watching all of ${folder} (${thrown.message})`)),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
