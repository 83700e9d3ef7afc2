import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunArchive } from '../archive/archive.ts';
import { readArchive } from '../archive/file.ts';
import { faults } from '../demo/faults.ts';
import { loadscope } from '../e2e/lib/command.ts';
import { faultyRun } from '../e2e/lib/faulty-run.ts';
import { attribute } from '../report/attribution/index.ts';

/**
 * Whether the resource is named that a fault of the demo takes away, and none without a fault. For comparison, what the
 * highest pressure alone would name, which is how one reads a board of utilisations.
 *
 * usage: npm run bench:attribution -- DIR [NAMESPACE CONFIG [CASE...]]
 *
 * Reads the archives in DIR; with the namespace and the config of a stack with the demo, runs each case in it first
 * (3 min each; kubectl as KUBECONFIG says) and puts its archive there.
 */

const [dir = '', namespace, config = '', ...only] = process.argv.slice(2);
if (!dir) throw new Error('usage: npm run bench:attribution -- DIR [NAMESPACE CONFIG [CASE...]]');

const healthy = 'healthy';
const cases = [undefined, ...faults.map(({ name }) => name)];

if (namespace)
  for (const fault of cases) {
    if (only.length && !only.includes(fault ?? healthy)) continue;
    const testid = await faultyRun(namespace, fault);
    const made = await loadscope('archive', 'export', '--testid', testid, '--config', config, '--out', dir);
    if (made.status !== 0) throw new Error(made.output);
    console.log(testid);
  }

/** The resource with the highest mean pressure while there was load. */
function highest({ figures: { pressure = [] } }: RunArchive): string {
  const means = pressure.map(({ labels, values }) => {
    const known = values.filter((value) => value !== null);
    return { mean: known.reduce((sum, value) => sum + value, 0) / values.length, labels };
  });
  const [{ labels } = { labels: {} as Readonly<Record<string, string>> }] = means.sort((a, b) => b.mean - a.mean);
  return `${labels.resource} of ${labels.of}`;
}

const rows = [];
for (const file of readdirSync(dir)
  .filter((name) => /\.json(\.gz)?$/.test(name))
  .sort()) {
  const archive = readArchive(join(dir, file));
  const { outcome, confidence, candidates } = attribute(archive);
  const name = archive.run.testid.replace(/-[^-]+$/, '');
  const fault = faults.find((one) => one.name === name);
  const injected = fault ? `${fault.bottleneck.resource} of ${fault.bottleneck.of}` : 'nothing';
  const [first] = candidates;
  const said = outcome === 'named' && first ? `${first.resource} of ${first.of}` : outcome;
  const right = fault ? said === injected : ['none', 'undetermined'].includes(outcome);
  rows.push({ run: archive.run.testid, injected, said, confidence, right, 'highest pressure': highest(archive) });
}
console.table(rows);
const ofFaults = rows.filter(({ injected }) => injected !== 'nothing');
const named = (key: 'said' | 'highest pressure') => ofFaults.filter((row) => row[key] === row.injected).length;
console.log(
  `named: ${named('said')} of ${ofFaults.length}; by the highest pressure alone: ${named('highest pressure')}`,
);
