import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ScenarioName, scenarios } from '../../k6-jobs/catalogue.ts';
import { loadOf, type ProfileName, profiles } from '../../k6-jobs/profiles.ts';
import { testWithTool } from '../tool.ts';
import { callK6, environment, inTurn, k6, removeRuns, scenarioNames, tokensFile } from './k6.ts';

/** What k6 makes of the scenarios before it sends anything. */

afterAll(removeRuns);

const thresholds = {
  http_req_duration: ['p(95)<=1000'],
  http_reqs: ['rate>=10'],
  'http_req_duration{name:create_order}': ['p(99)<=300'],
};

async function inspected(scenario: ScenarioName, changes: Readonly<Record<string, string>>) {
  const env = environment(scenario, { THRESHOLDS: JSON.stringify(thresholds), ...changes });
  const { code, stdout, stderr } = await callK6(scenario, env, 'inspect', '--include-system-env-vars');
  return { code, stderr, options: code === 0 ? JSON.parse(stdout) : undefined };
}

test('each scenario of the catalogue is a file, and each file one of the catalogue', () => {
  const files = readdirSync(join(import.meta.dirname, '../../k6-jobs/scenarios')).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual(scenarioNames.toSorted());
});

testWithTool(k6)(
  'k6 takes each scenario under each profile',
  async () => {
    const cases = scenarioNames.flatMap((scenario) =>
      (Object.keys(profiles) as ProfileName[]).map((profile) => ({ scenario, profile })),
    );
    const seen = await inTurn(cases, 4, ({ scenario, profile }) =>
      inspected(scenario, { LOAD: JSON.stringify(loadOf(profile)) }),
    );
    for (const [{ scenario, profile }, { code, stderr, options }] of seen) {
      const told = `${scenario} under ${profile}`;
      expect({ told, code, stderr }).toEqual({ told, code: 0, stderr: '' });
      const { vus, rate, untilBroken } = loadOf(profile);
      const keys = Object.keys(options.scenarios);
      for (const key of keys) expect(key).toMatch(new RegExp(`^${scenario}(-|$)`));
      const { executor, stages, startVUs, preAllocatedVUs, maxVUs, ...executed } =
        options.scenarios[keys.find((key) => key.endsWith('-herd')) ?? scenario];
      if (executor === 'per-vu-iterations') expect(executed).toMatchObject({ vus, iterations: 1 });
      else expect(Math.max(...stages.map(({ target }: { target: number }) => target))).toBe(paced(scenario, vus, rate));
      if (executor === 'ramping-vus') expect(startVUs).toBe(0);
      if (executor === 'ramping-arrival-rate') expect(maxVUs).toBeGreaterThanOrEqual(preAllocatedVUs);
      expect(executor).toBe(executors[scenario] ?? (scenarios[scenario].paced === 'rate' ? byTheClock : byUsers));

      const { checks, dropped_iterations: dropped } = options.thresholds;
      const aborting = (threshold: string) =>
        untilBroken ? { threshold, abortOnFail: true, delayAbortEval: '10s' } : threshold;
      expect(checks).toEqual([aborting('rate>0.99')]);
      expect(dropped !== undefined).toBe(scenarios[scenario].paced === 'rate');
      expect(options.systemTags).not.toContain('url');
    }
  },
  120_000,
);

const byUsers = 'ramping-vus';
const byTheClock = 'ramping-arrival-rate';
const executors: Partial<Record<ScenarioName, string>> = {
  'coupon-spike': 'per-vu-iterations',
  'cache-stampede': 'per-vu-iterations',
};
const paced = (scenario: ScenarioName, vus: number, rate: number) => (scenarios[scenario].paced === 'vus' ? vus : rate);

testWithTool(k6)('budgets become thresholds of what the scenario sends, and of nothing else', async () => {
  const load = { ...loadOf('light'), duration: 100 };
  const of = async (scenario: ScenarioName) =>
    (await inspected(scenario, { LOAD: JSON.stringify(load), RUNNERS: '4' })).options.thresholds;
  const ofBrowse = await of('browse');
  expect(ofBrowse['http_req_duration{scenario:browse}']).toContain('p(95)<=1000');
  // 10/s for 100 s, of which each runner has a quarter; too little at first is no reason to abort.
  expect(ofBrowse['http_reqs{scenario:browse}']).toEqual(['count>0', 'count>=250', 'count>=0']);
  expect(Object.keys(ofBrowse).join()).not.toContain('create_order');
  const ofOrders = await of('order-creation');
  expect(ofOrders['http_req_duration{name:create_order}']).toEqual(['p(99)<=300']);
  // A hundredth of 1,665 iterations, and of that a quarter.
  expect(ofOrders.dropped_iterations).toEqual(['count<=5']);
  const ofStampede = await of('cache-stampede');
  expect(ofStampede['http_req_duration{scenario:cache-stampede-herd}']).toContain('p(95)<=1000');
  expect(ofStampede['http_req_duration{scenario:cache-stampede-warm}']).toEqual(['max>=0']);
});

testWithTool(k6)('a runner of an Indexed Job takes its segment; others leave it to flags', async () => {
  const segments = async (changes: Record<string, string>) => {
    const { options } = await inspected('browse', { RUNNERS: '4', ...changes });
    return [options.executionSegment, options.executionSegmentSequence];
  };
  expect(await segments({ JOB_COMPLETION_INDEX: '0' })).toEqual(['0:1/4', '0,1/4,1/2,3/4,1']);
  expect(await segments({ JOB_COMPLETION_INDEX: '3' })).toEqual(['3/4:1', '0,1/4,1/2,3/4,1']);
  expect(await segments({})).toEqual([null, null]);
});

testWithTool(k6)('what is missing is said before anything is sent', async () => {
  const refusal = async (scenario: ScenarioName, changes: Record<string, string>) => {
    const { code, stderr } = await inspected(scenario, changes);
    expect(code).not.toBe(0);
    return stderr;
  };
  expect(await refusal('browse', { LOAD: '' })).toContain('the environment variable LOAD is not set');
  expect(await refusal('coupon-spike', { TOKENS_FILE: '' })).toContain('this scenario needs users');
  expect(await refusal('coupon-spike', { TOKENS_FILE: tokensFile(3) })).toContain(
    '4 virtual users need as many users, and TOKENS_FILE has 3',
  );
  expect(await refusal('order-creation', { TOKENS_FILE: tokensFile(0) })).toContain('TOKENS_FILE has no users');
});
