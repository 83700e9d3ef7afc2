import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';

const root = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a subcommand in this process, in a small part of the time, one at a time. What cli/main.ts does around it, flags
 * that there are not among that, is for `loadscope` to show.
 */
export async function inProcess(subcommand: (program: Command) => void, args: readonly string[]): Promise<Outcome> {
  const program = new Command('loadscope').exitOverride();
  subcommand(program);
  const output = { stdout: '', stderr: '' };
  const says = (stream: keyof typeof output) => (text: unknown) => {
    output[stream] += text;
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(says('stdout')),
    jest.spyOn(console, 'error').mockImplementation((text) => says('stderr')(`${text}\n`)),
  ];
  try {
    await program.parseAsync(args, { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...output };
  } catch (error) {
    return { status: 2, ...output, stderr: `${output.stderr}error: ${(error as Error).message}\n` };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs the command as a process, while servers of the test go on in this one. */
export function loadscope(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return run(process.execPath, ['cli/loadscope.cjs', ...args], environment);
}

export function run(command: string, args: readonly string[], environment = {}): Promise<Outcome> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
}
