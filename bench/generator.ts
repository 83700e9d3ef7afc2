import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../charts/lib/bundle.ts';
import { product } from '../demo/seed/content.ts';
import { traceIdPrefix } from '../runs/traces.ts';

/**
 * What a load generator makes of a core: requests per second of CPU of the scenario `browse` as a runner has it, beside
 * the same requests from a script of k6 alone, in turns, without pauses, against a server that answers from memory.
 *
 * usage: K6=... npm run bench:generator -- [ROUNDS] [SECONDS]
 */

const rounds = Number(process.argv[2] ?? 7);
const seconds = Number(process.argv[3] ?? 10);
const k6 = (process.env.K6 ?? 'k6').split(' ');
const folder = mkdtempSync(join(tmpdir(), 'loadscope-bench-'));

const ids = Array.from({ length: 20 }, (_, index) => index + 1);
const ok = (data: object) => JSON.stringify({ success: true, data });
const answers = {
  list: ok({ content: ids.map((id) => entry(id)), page: 0, size: 20, totalElements: 1000, totalPages: 50 }),
  details: Object.fromEntries(
    ids.map((id) => [id, ok({ ...product(id), id, stock: 1000, rating: { reviews: 100, average: 3.5 } })]),
  ),
};

function entry(id: number) {
  const { name, category, price } = product(id);
  return { id, name, category, price };
}

const server = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/shop-server.mjs')], {
  env: { ANSWERS: JSON.stringify(answers) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [port] = (await once(server.stdout, 'data')) as [Buffer];
const url = `http://127.0.0.1:${port.toString().trim()}`;
const asked = async () => Number(await (await fetch(`${url}/count`)).text());

const stages = [
  { seconds: 1, level: 1 },
  { seconds: seconds - 1, level: 1 },
];
const environment = {
  ...process.env,
  BASE_URL: url,
  TESTID: 'bench',
  TRACE_PREFIX: traceIdPrefix('bench'),
  TRACE_SAMPLING: process.env.TRACE_SAMPLING ?? '0',
  THRESHOLDS: '{}',
  LOAD: JSON.stringify({ vus: 10, rate: 10, duration: seconds, stages, untilBroken: false }),
  PARAMETERS: JSON.stringify({ thinkMs: 0 }),
  RUNNERS: '1',
  K6_NO_USAGE_REPORT: 'true',
};

const ours = join(folder, 'browse.js');
writeFileSync(ours, bundle('k6-jobs/scenarios/browse.ts', 'k6'));
const scripts = { 'bare script': join(import.meta.dirname, 'fixtures/bare-browse.js'), 'scenario browse': ours };

/** One run: how many requests it sent, and CPU seconds of k6 and what called it. */
async function measure(script: string): Promise<{ requests: number; cpu: number }> {
  const before = await asked();
  const child = spawn('bash', ['-c', '"$@" >&2; status=$?; times; exit $status', '', ...k6, 'run', '--quiet', script], {
    env: environment,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`k6 ended with ${status}:\n${stderr}`);
  // The second line of bash's `times` is what its children took, and theirs.
  const [, children = ''] = stdout.trim().split('\n');
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
  return { requests: (await asked()) - before, cpu };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const names = Object.keys(scripts) as (keyof typeof scripts)[];
const results = new Map<string, { requests: number; cpu: number }[]>(names.map((name) => [name, []]));
try {
  for (let round = 0; round < rounds; round++)
    // Each goes first as often as the other.
    for (const name of round % 2 ? [...names].reverse() : names) {
      const result = await measure(scripts[name]);
      results.get(name)?.push(result);
      console.log(
        `${name.padEnd(16)} ${result.requests} requests, ${result.cpu.toFixed(2)} s of CPU, ${Math.round(result.requests / result.cpu)} requests per second of CPU`,
      );
    }
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

const perCpu = (name: string) => median((results.get(name) ?? []).map(({ requests, cpu }) => requests / cpu));
console.table(
  Object.fromEntries(names.map((name) => [name, { 'requests per second of CPU': Math.round(perCpu(name)) }])),
);
console.log(`ratio of medians: ${(perCpu('scenario browse') / perCpu('bare script')).toFixed(3)}`);
// A machine that becomes faster or slower meanwhile moves medians apart, and neighbours in time less.
const ratios = Array.from({ length: rounds }, (_, round) => {
  const [bare, scenario] = names.map((name) => results.get(name)?.[round] ?? { requests: Number.NaN, cpu: 1 });
  return scenario && bare ? scenario.requests / scenario.cpu / (bare.requests / bare.cpu) : Number.NaN;
});
console.log(`median of the ratios of ${rounds} rounds: ${median(ratios).toFixed(3)}`);
