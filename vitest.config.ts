import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first';

const absolute = (path: string): string => resolve(import.meta.dirname, path);

/** The SDK's packages have a `workerd` export that only bundlers follow; tests inside workerd name the file. */
const vonageAliases = readdirSync(absolute('./node_modules/@vonage'))
  .map((name) => ({ find: `@vonage/${name}`, replacement: absolute(`./node_modules/@vonage/${name}/dist/esm/index.mjs`) }))
  .filter(({ replacement }) => existsSync(replacement));

/** Pages are tested in a browser against the built console; tests inside workerd need none. */
const consoleAlias = { find: /.*\/server\/entry\.worker\.js$/, replacement: absolute('./tests/support/no-console.ts') };

const node = (name: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], environment: 'node' as const, ...extra },
});

export default defineConfig({
  test: {
    // Each journey is a platform, a carrier and perhaps a browser: half of its time is waiting, so three share two cores well.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // For the project `worker`, but not in it: there Vite takes apart every module that is imported, wrangler and itself included, for half a minute.
    globalSetup: ['./tests/support/carrier-for-workerd.ts', './tests/support/customer-for-workerd.ts'],
    reporters: ['default', absolute('./tests/support/closing-line.ts')],
    // exceljs's stream library, which is aliased away in the bundle, logs every chunk under workerd.
    onConsoleLog: (line) => !line.startsWith('STREAM'),
    projects: [
      node('rules'),
      node('simulator', { testTimeout: 30_000, hookTimeout: 60_000 }),
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                SESSION_SECRET: 'dGVzdHMtb25seS1zZXNzaW9uLXNlY3JldC0zMmJ5dGU=',
                DATA_KEY: 'dGVzdHMtb25seS1kYXRhLWtleS1vZi0zMi1ieXRlcyE=',
                UNANSWERED_AFTER_MS: '1000',
                // Tests say when a shard is sealed: many of them live in times long past.
                SEAL_AFTER_MS: 'never',
                // Nobody listens there: receipts of the fake carrier must not reach a server that happens to run on this machine.
                PUBLIC_URL: 'http://127.0.0.1:9',
              },
            },
          })),
        ],
        resolve: {
          alias: [
            { find: /^exceljs$/, replacement: absolute('./node_modules/exceljs/dist/es5/exceljs.nodejs.js') },
            ...vonageAliases,
            consoleAlias,
          ],
        },
        test: {
          name: 'worker',
          // One workerd for many files: each test has its own tenant, and a runtime a file is half of their time.
          isolate: false,
          include: ['tests/objects/**/*.test.ts', 'tests/routes/**/*.test.ts'],
          setupFiles: ['./tests/support/apply-migrations.ts'],
          testTimeout: 30_000,
        },
      },
      node('journeys', { testTimeout: 300_000, hookTimeout: 120_000 }),
      node('browser', { globalSetup: ['./tests/browser/kit/unpack-browser.ts'], testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
