import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly status: number | null;
  /** What it printed to both, in the order in which it came. */
  readonly output: string;
  readonly stdout: string;
}

/** A run of the `loadscope` command against the cluster. */
export interface Command {
  readonly ended: Promise<Outcome>;
  signal(name: NodeJS.Signals): void;
}

export function start(...args: string[]): Command {
  const child = spawn(process.execPath, ['cli/loadscope.cjs', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return {
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, output, stdout }));
    }),
    signal: (name) => {
      child.kill(name);
    },
  };
}

/** Runs it to its end. */
export const loadscope = (...args: string[]): Promise<Outcome> => start(...args).ended;
