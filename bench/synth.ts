import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/**
 * What a synth costs: CPU seconds of the whole process tree and peak memory, for the default config and for
 * 10, 100 and 300 services, beside the bare import of cdk8s and cdk8s-plus as the floor, in turns.
 */

const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'loadscope-bench-'));

const peak = `--import 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))'`;
const app = `--require tsx/cjs --eval "require('./main.ts')"`;

const services = (count: number) => {
  const file = join(folder, `${count}.yaml`);
  const list = Array.from({ length: count }, (_, index) => ({
    name: `service-${index}`,
    namespace: `team-${index % 10}`,
    port: 8080,
  }));
  writeFileSync(file, stringify({ services: list }));
  return file;
};

const cases = [
  {
    name: 'floor: bare import',
    command: `--eval "require('cdk8s'); require('cdk8s-plus-27')"`,
    config: 'loadscope.yaml',
  },
  { name: 'default config', command: app, config: 'loadscope.yaml' },
  ...[10, 100, 300].map((count) => ({ name: `${count} services`, command: app, config: services(count) })),
];

/** One run: CPU seconds of the process and what it started, and MiB of the process at its largest. */
function measure(command: string, config: string): { cpu: number; memory: number } {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `node ${peak} ${command}; status=$?; times; exit $status`],
    {
      encoding: 'utf8',
      env: { ...process.env, LOADSCOPE_CONFIG: config, CDK8S_OUTDIR: join(folder, 'dist') },
    },
  );
  if (status !== 0) throw new Error(stderr);
  // The second line of bash's `times` is what its children took, and theirs.
  const [, children = ''] = stdout.trim().split('\n');
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
  return { cpu, memory: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024 };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const results = new Map<string, { cpu: number[]; memory: number[] }>(
  cases.map(({ name }) => [name, { cpu: [], memory: [] }]),
);
for (let round = 0; round <= rounds; round++)
  for (const { name, command, config } of cases) {
    const { cpu, memory } = measure(command, config);
    // The first round fills the caches.
    if (round === 0) continue;
    results.get(name)?.cpu.push(cpu);
    results.get(name)?.memory.push(memory);
  }
rmSync(folder, { recursive: true });

const floor = median(results.get('floor: bare import')?.cpu ?? []);
console.log(`Node ${process.version}, median of ${rounds} runs`);
console.table(
  Object.fromEntries(
    [...results].map(([name, { cpu, memory }]) => [
      name,
      {
        'CPU s': median(cpu).toFixed(2),
        'of floor': `${(median(cpu) / floor).toFixed(1)}×`,
        'peak MiB': Math.round(median(memory)),
      },
    ]),
  ),
);
