import { spawnSync } from 'node:child_process';

/** Runs a program that may or may not be on this machine; its exit code and all that it printed. */
export type Tool = (...args: string[]) => { status: number | null; output: string };

/**
 * How to call a program.
 *
 * @param name the program on the PATH, unless the variable of that name in capitals (PROMTOOL, KUBE_SCORE) says
 * how to call it; that may be a command with arguments
 */
export function commandOf(name: string): { command: string; before: string[] } {
  const [command = name, ...before] = (process.env[name.toUpperCase().replaceAll('-', '_')] ?? name).split(' ');
  return { command, before };
}

/**
 * @param probe arguments with which it only answers that it is there
 * @returns undefined where it is not to be had; tests that need it are skipped then
 */
export function findTool(name: string, ...probe: string[]): Tool | undefined {
  const { command, before } = commandOf(name);
  const run: Tool = (...args) => {
    const { status, stdout, stderr } = spawnSync(command, [...before, ...args], { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  return spawnSync(command, [...before, ...probe]).status === 0 ? run : undefined;
}

/** `test` where the tool is there, a skipped test that says so where it is not. */
export const testWithTool = (tool: Tool | undefined) => (tool ? test : test.skip);

/** The same of tests that share what they set up with it. */
export const describeWithTool = (tool: Tool | undefined) => (tool ? describe : describe.skip);
