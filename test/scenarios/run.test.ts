import { type ScenarioName, scenarios } from '../../k6-jobs/catalogue.ts';
import { describeWithTool } from '../tool.ts';
import { inTurn, k6, removeRuns, run, scenarioNames, shortLoad, tokensFile } from './k6.ts';
import { type Name, openShop } from './shop.ts';

/** Each scenario, run for a second or two against a small shop that counts. */

interface Case {
  readonly scenario: ScenarioName;
  /** What of the shop is well. */
  readonly well: 'all' | readonly Name[];
}

const inGoodOrder: readonly Case[] = scenarioNames.map((scenario) => ({ scenario, well: 'all' }));

/** Some get no further while the list of products or the cart is broken. */
const outOfOrder: readonly Case[] = [
  ...scenarioNames.map((scenario) => ({ scenario, well: [] })),
  { scenario: 'browse', well: ['product_list'] },
  { scenario: 'weighted-mix', well: ['product_list'] },
  { scenario: 'shopping-journey', well: ['product_list'] },
  { scenario: 'shopping-journey', well: ['product_list', 'product_detail', 'add_to_cart'] },
];

afterAll(removeRuns);

async function runCase({ scenario, well }: Case) {
  const shop = await openShop(well);
  const thresholds = { http_req_duration: ['p(95)<=10000'], http_req_failed: ['rate<=0.01'] };
  const ran = await run(scenario, {
    BASE_URL: shop.url,
    THRESHOLDS: JSON.stringify(thresholds),
    LOAD: JSON.stringify(shortLoad(well === 'all' ? 2 : 1)),
  });
  shop.close();
  return { ...ran, scenario, well, seen: shop.seen };
}
type Run = Awaited<ReturnType<typeof runCase>>;

/** By its name, how often each check held and did not. */
function checksOf({ points }: Run): Map<string, { held: number; failed: number }> {
  const checks = new Map<string, { held: number; failed: number }>();
  for (const { metric, data } of points) {
    if (metric !== 'checks') continue;
    const { held, failed } = checks.get(data.tags?.check ?? '') ?? { held: 0, failed: 0 };
    checks.set(data.tags?.check ?? '', { held: held + data.value, failed: failed + 1 - data.value });
  }
  return checks;
}

describeWithTool(k6)('a scenario', () => {
  let runs: readonly Run[];
  const wellRun = (scenario: ScenarioName) =>
    runs.find((ran) => ran.scenario === scenario && ran.well === 'all') as Run;
  const brokenRuns = (scenario: ScenarioName) => runs.filter((ran) => ran.scenario === scenario && ran.well !== 'all');

  beforeAll(async () => {
    runs = [...(await inTurn([...inGoodOrder, ...outOfOrder], 6, runCase)).values()];
  }, 120_000);
  test.each(scenarioNames)('%s passes against a shop that is well', (scenario) => {
    const { code, stderr, stdout, result } = wellRun(scenario);
    // A machine that is busy with other tests may leave k6 behind its clock, which is right to say so.
    const broken: string[] = result.broken.filter((entry: string) => !entry.startsWith('dropped_iterations: '));
    expect({ broken, stderr: broken.length ? stderr : '' }).toEqual({ broken: [], stderr: '' });
    expect(code).toBe(result.broken.length ? 99 : 0);
    expect(result).toMatchObject({ failed: 0, checks: { fails: 0 } });
    expect(result.checks.passes).toBeGreaterThan(0);
    expect(result.started).toBeGreaterThan(Date.now() - 60_000);
    expect(stdout).toContain(`${scenario}`);
    expect(stdout).toMatch(/checks: 100\.00 % of \d+ held/);
  });

  test.each(scenarioNames)('%s counts what the shop counted', (scenario) => {
    for (const { result, seen } of [wellRun(scenario), ...brokenRuns(scenario)]) {
      expect(result.requests).toBe(seen.length);
      expect(result.failed).toBe(seen.filter(({ status }) => status === 502).length);
    }
  });

  test.each(scenarioNames)('%s gives each request a name of the catalogue, and no other series', (scenario) => {
    const { points, seen } = wellRun(scenario);
    const requests = points.filter(({ metric }) => metric === 'http_reqs').map(({ data }) => data.tags ?? {});
    const measured = requests.filter((tags) => tags.scenario);
    expect(new Set(measured.map(({ name }) => name))).toEqual(new Set(scenarios[scenario].endpoints));
    for (const tags of measured) expect(tags.scenario?.startsWith(scenario)).toBe(true);
    expect(requests.filter((tags) => !tags.scenario).map(({ name }) => name)).toEqual(['wait']);
    expect(requests.filter(({ url }) => url)).toEqual([]);
    // The names say what was asked: the shop knows them by their paths, except those that share one.
    const alias: Record<string, string> = {
      warm_cache: 'product_detail',
      thundering_herd: 'product_detail',
      product_page: 'product_list',
    };
    const named = measured.map(({ name = '' }) => alias[name] ?? name);
    expect(named.sort()).toEqual(seen.map(({ name }) => name).sort());
  });

  test.each(scenarioNames)('%s fails against a shop that is broken, in each of its checks', (scenario) => {
    for (const { code, result, stdout } of brokenRuns(scenario)) {
      expect(code).toBe(99);
      expect(result.broken).toContain('checks: rate>0.99');
      expect(stdout).toContain('BROKEN checks: rate>0.99');
    }
    for (const name of checksOf(wellRun(scenario)).keys()) {
      // Of time; a broken shop is not slow.
      if (name.includes('long before')) continue;
      const [asked] = name.split(' ') as [Name];
      const checked = brokenRuns(scenario).flatMap((ran) =>
        ran.well.includes(asked) ? [] : (checksOf(ran).get(name) ?? []),
      );
      expect({ name, fails: checked.some(({ failed }) => failed > 0) }).toEqual({ name, fails: true });
      if (!name.includes(' answers '))
        expect({ name, holds: checked.some(({ held }) => held > 0) }).toEqual({ name, holds: false });
    }
  });

  test('orders have keys of their own, and are counted by what became of them', () => {
    for (const scenario of ['shopping-journey', 'order-creation', 'database-heavy'] as const) {
      const { seen, points } = wellRun(scenario);
      const orders = seen.filter(({ name }) => name === 'create_order');
      expect(orders.length).toBeGreaterThan(0);
      expect(new Set(orders.map(({ key }) => key)).size).toBe(orders.length);
      for (const { key } of orders) expect(key).toMatch(/^a-run-\d+-\d+$/);
      const sum = (metric: string) =>
        points.filter((point) => point.metric === metric).reduce((all, { data }) => all + data.value, 0);
      expect(sum('orders_acknowledged')).toBe(orders.filter(({ status }) => status === 201).length);
      expect(sum('orders_refused')).toBe(orders.filter(({ status }) => status === 409).length);
    }
    const refused = wellRun('order-creation').points.filter(({ metric }) => metric === 'orders_refused');
    expect(new Set(refused.map(({ data }) => data.tags?.reason))).toEqual(new Set(['OUT_OF_STOCK']));
    for (const { result } of brokenRuns('order-creation'))
      expect(result.broken).toContain('orders_acknowledged: count>0');
  });

  test('each virtual user of a scenario by users is a user of its own', () => {
    const { seen } = wellRun('coupon-spike');
    expect(new Set(seen.map(({ user }) => user)).size).toBe(4);
    expect(wellRun('coupon-spike').stdout).toContain('coupon_outcomes{outcome:SOLD_OUT}: 2');
  });

  test('the herd comes when the product has left the cache, each of it once', () => {
    const [warm, ...herd] = wellRun('cache-stampede').seen.map(({ at }) => at);
    expect(herd).toHaveLength(4);
    expect(Math.min(...herd) - (warm ?? 0)).toBeGreaterThan(1200);
  });
});

describeWithTool(k6)('a run', () => {
  test('that sends nothing fails', async () => {
    const shop = await openShop('all');
    const nothing = { ...shortLoad(1), stages: [{ seconds: 0.3, level: 0 }] };
    const { code, result } = await run('search-load', { BASE_URL: shop.url, LOAD: JSON.stringify(nothing) });
    shop.close();
    expect(code).toBe(99);
    expect(result).toMatchObject({ requests: 0, broken: ['http_reqs{scenario:search-load}: count>0'] });
  });

  test('that breaks more budgets than its result has room for says how many', async () => {
    const shop = await openShop('all');
    const bounds = Array.from({ length: 99 }, (_, index) => `p(${index + 1})<=0.000001`);
    const { result } = await run('search-load', {
      BASE_URL: shop.url,
      LOAD: JSON.stringify(shortLoad(0.5)),
      THRESHOLDS: JSON.stringify({ http_req_duration: bounds }),
    });
    shop.close();
    expect(JSON.stringify(result).length).toBeLessThanOrEqual(3500);
    expect(result.broken.length).toBeGreaterThan(20);
    expect(result.broken.at(-1)).toBe(`and ${99 - (result.broken.length - 1)} more`);
  });

  test('over three runners gives each virtual user a user of its own', async () => {
    const shop = await openShop('all');
    const changes = { BASE_URL: shop.url, RUNNERS: '3', TOKENS_FILE: tokensFile(7) };
    const load = JSON.stringify({ ...shortLoad(1), vus: 7 });
    const results = await Promise.all(
      [0, 1, 2].map((index) =>
        run('database-heavy', { ...changes, LOAD: load, JOB_COMPLETION_INDEX: String(index), THRESHOLDS: '{}' }),
      ),
    );
    shop.close();
    expect(results.map(({ result }) => result.checks.fails)).toEqual([0, 0, 0]);
    const users = shop.seen.flatMap(({ user }) => (user ? [user] : []));
    expect(new Set(users).size).toBe(7);
    const keys = shop.seen.flatMap(({ key }) => (key ? [key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
