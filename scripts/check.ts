/** `npm run check`: format, lint with types, unused code, types; all at once, in seconds. */
import { CommandFailed, runTool } from './platform/command';

const CHECKS: readonly (readonly [tool: string, ...args: string[]])[] = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['knip'],
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'web/tsconfig.json'],
];

const results = await Promise.allSettled(CHECKS.map(([tool, ...args]) => runTool(tool, args)));
for (const result of results) {
  if (result.status === 'fulfilled') continue;
  console.error(result.reason instanceof CommandFailed ? result.reason.message : result.reason);
  process.exitCode = 1;
}
if (process.exitCode !== 1) console.log('checked');
