/** Runs one of the project's tools and shows what it says only when it fails. */
import { spawn } from 'node:child_process';
import { inRoot } from './settings';

export class CommandFailed extends Error {}

export const runTool = (tool: string, args: readonly string[]): Promise<string> => runCommand(inRoot(`node_modules/.bin/${tool}`), args);

/** @returns everything the command printed. */
export function runCommand(tool: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(tool, args, { cwd: inRoot('.'), env: { ...process.env, CI: '1' } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (status) => {
      if (status === 0) done(output);
      else fail(new CommandFailed(`${tool} ${args.join(' ')} ended with ${status}\n${output}`));
    });
  });
}
