/** Runs one of the project's tools and shows what it says only when it fails. */
import { spawn } from 'node:child_process';
import { inRoot } from './settings';

export class CommandFailed extends Error {}

/** @returns everything the command printed. */
export function runTool(tool: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(inRoot(`node_modules/.bin/${tool}`), args, { cwd: inRoot('.'), env: { ...process.env, CI: '1' } });
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
