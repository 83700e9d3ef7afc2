import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../charts/lib/bundle.ts';
import { type ScenarioName, scenarios } from '../../k6-jobs/catalogue.ts';
import type { Load } from '../../k6-jobs/load.ts';
import { traceIdPrefix } from '../../runs/traces.ts';
import { commandOf, findTool } from '../tool.ts';

/** k6, which runs scenarios as its pod would. */
export const k6 = findTool('k6', 'version');

export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

let folder: string | undefined;
export const removeRuns = () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
};

/** So many seconds of a little load. */
export const shortLoad = (seconds: number): Load => ({
  vus: 4,
  rate: 60,
  duration: seconds,
  stages: [
    { seconds: 0.2, level: 1 },
    { seconds: seconds - 0.2, level: 1 },
  ],
  untilBroken: false,
});

/** As in the catalogue, but in no need of patience. */
export const shortParameters = (scenario: ScenarioName) => ({
  ...scenarios[scenario].parameters,
  ...('thinkMs' in scenarios[scenario].parameters ? { thinkMs: 20 } : {}),
  ...(scenario === 'cache-stampede' ? { ttlSeconds: 1 } : {}),
});

/** Where a file of the runs is. */
function fileOf(name: string): string {
  // Only where k6 is: hooks that would remove it are not run where all tests are skipped.
  folder ??= mkdtempSync(join(tmpdir(), 'loadscope-k6-'));
  return join(folder, name);
}

/** Tokens of so many users; each is the name of its user, for the shop to tell them apart. */
export function tokensFile(users: number): string {
  const path = fileOf(`tokens-${users}.json`);
  const tokens = Array.from({ length: users }, (_, index) => ({ user: `user${index}`, token: `token-${index}` }));
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(tokens));
  return path;
}

/** What its pod tells k6, for a run with these settings. */
export function environment(scenario: ScenarioName, changes: Readonly<Record<string, string>> = {}) {
  return {
    TESTID: 'a-run',
    TRACE_PREFIX: traceIdPrefix('a-run'),
    TRACE_SAMPLING: '0.1',
    BASE_URL: 'http://localhost:1',
    THRESHOLDS: '{}',
    LOAD: JSON.stringify(shortLoad(2)),
    PARAMETERS: JSON.stringify(shortParameters(scenario)),
    RUNNERS: '1',
    ...(scenarios[scenario].users ? { TOKENS_FILE: tokensFile(1000) } : {}),
    K6_NO_USAGE_REPORT: 'true',
    ...changes,
  };
}

/** The scenario as one file, as a ConfigMap has it. */
function script(scenario: ScenarioName): string {
  const path = fileOf(`${scenario}.js`);
  if (!existsSync(path)) writeFileSync(path, bundle(`k6-jobs/scenarios/${scenario}.ts`, 'k6'));
  return path;
}

export async function callK6(scenario: ScenarioName, env: Readonly<Record<string, string>>, ...args: string[]) {
  const { command, before } = commandOf('k6');
  const process_ = spawn(command, [...before, ...args, script(scenario)], {
    env: { ...process.env, ...env },
    // One that waits for ever would outlive its test.
    timeout: 25_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  process_.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  process_.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(process_, 'close');
  return { code: code as number, stdout, stderr };
}

interface Point {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly value: number; readonly tags?: Readonly<Record<string, string>> };
}

let runs = 0;

/** Runs a scenario to its end, without k6's API: many run at a time, and it has one port. */
export async function run(scenario: ScenarioName, changes: Readonly<Record<string, string>>) {
  runs += 1;
  const resultFile = fileOf(`result-${runs}.json`);
  const pointsFile = fileOf(`points-${runs}.json`);
  const env = environment(scenario, { RESULT_FILE: resultFile, ...changes });
  const called = await callK6(scenario, env, 'run', '--quiet', '--address=', `--out=json=${pointsFile}`);
  const points = existsSync(pointsFile)
    ? readFileSync(pointsFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"type":"Point"'))
        .map((line): Point => JSON.parse(line))
    : [];
  return {
    ...called,
    points,
    result: existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined,
  };
}

/** Runs at most so many at a time: a run that gets no CPU says little. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Map<Item, Result>> {
  const results = new Map<Item, Result>();
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) results.set(item, await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
