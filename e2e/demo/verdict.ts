import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { portForward } from '../lib/kubectl.ts';
import type { Stack } from '../lib/stack.ts';

const execute = promisify(execFile);

/** Holds a good run against its budgets, as a user of the stack does. */
export async function passes(stack: Stack, run: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-e2e-'));
  const file = join(folder, 'loadscope.yaml');
  writeFileSync(file, stringify(stack.config()));
  const { url, close } = await portForward(stack.namespace, 'pod/prometheus-0', 9090);
  try {
    // Fails, with what it printed, where the exit code is not 0.
    const { stdout } = await execute('node', [
      ...['cli/loadscope.cjs', 'verdict', '--json', '--testid', run],
      ...['--config', file, '--prometheus', url],
    ]);
    const { budgets, verdict } = JSON.parse(stdout);
    expect(verdict).toBe('pass');
    for (const job of ['k6', 'service'])
      expect(budgets).toContainEqual(expect.objectContaining({ budget: 'p95', job, state: 'held' }));
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
}
