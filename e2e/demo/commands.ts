import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { portForward } from '../lib/kubectl.ts';
import type { Stack } from '../lib/stack.ts';

const execute = promisify(execFile);

/** Holds a good run against its budgets, and the stack's Prometheus against what is asked of it, as its user does. */
export async function verdictAndDoctor(stack: Stack, run: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-e2e-'));
  const file = join(folder, 'loadscope.yaml');
  writeFileSync(file, stringify(stack.config()));
  const { url, close } = await portForward(stack.namespace, 'pod/prometheus-0', 9090);
  /** Fails, with what it printed, where the exit code is not 0. */
  const loadscope = async (command: string, ...args: string[]) => {
    const all = ['cli/loadscope.cjs', command, '--config', file, '--prometheus', url, '--json', ...args];
    return JSON.parse((await execute('node', all, { maxBuffer: 64 * 1024 * 1024 })).stdout);
  };
  try {
    const { budgets, verdict } = await loadscope('verdict', '--testid', run);
    expect(verdict).toBe('pass');
    for (const job of ['k6', 'service'])
      expect(budgets).toContainEqual(expect.objectContaining({ budget: 'p95', job, state: 'held' }));
    const { summary } = await loadscope('doctor');
    expect(summary).toMatchObject({ empty: 0, failed: 0 });
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
}
