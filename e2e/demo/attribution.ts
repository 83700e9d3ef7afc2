import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RunArchive } from '../../archive/archive.ts';
import { readArchive } from '../../archive/file.ts';
import { type FaultName, faults } from '../../demo/faults.ts';
import { attribute } from '../../report/attribution/index.ts';
import { loadscope } from '../lib/command.ts';
import { faultyRun } from '../lib/faulty-run.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Three of the faults; `npm run bench:attribution` has all of them. */
const reported: readonly FaultName[] = ['event-loop-stalls', 'row-lock', 'slow-downstream'];

/** What a report says of a run that something held up. */
export function attributionTests(stack: Stack): void {
  const test = testWith(stack);
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-attribution-'));
  const config = join(folder, 'loadscope.yaml');
  beforeAll(() => writeFileSync(config, stringify(stack.config())));
  afterAll(() => rmSync(folder, { recursive: true }));

  for (const name of reported)
    test(`a run with ${name} is put down to it`, async () => {
      const testid = await faultyRun(stack.namespace, name, { before: 35, with: 45 });
      const out = join(folder, testid);
      const made = await loadscope('report', '--testid', testid, '--config', config, '--out', out);
      if (made.status !== 0) throw new Error(made.output);
      const archive = readArchive(join(out, 'run.json.gz'));
      const { outcome, candidates, ...rest } = attribute(archive);
      const wanted = faults.find((fault) => fault.name === name)?.bottleneck;
      if (outcome !== 'named' || candidates[0]?.resource !== wanted?.resource || candidates[0]?.of !== wanted?.of)
        throw new Error(
          `${JSON.stringify({ wanted, outcome, candidates, ...rest }, null, 2)}\n${measured(archive, wanted?.of)}`,
        );
    });
}

/** What was measured of one service or data system, and of the requests of users. */
function measured({ figures }: RunArchive, of: string | undefined): string {
  const { client_mean: requests = [], stage = [], calls = [], pressure = [], served = [] } = figures;
  return Object.entries({ requests, stage, calls, pressure, served })
    .flatMap(([name, all]) => all.map(({ labels, values }) => ({ name, labels, values })))
    .filter(({ name, labels }) => name === 'requests' || Object.values(labels).includes(of ?? ''))
    .map(({ name, labels, values }) => `${name} ${JSON.stringify(labels)}: ${values.map(short).join(' ')}`)
    .join('\n');
}

const short = (value: number | null) => (value === null ? '-' : value.toPrecision(3));
