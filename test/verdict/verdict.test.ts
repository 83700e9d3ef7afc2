import { catalogueOf } from '../../contract/catalogue.ts';
import { check } from '../../contract/check.ts';
import { expressionOf } from '../../contract/question.ts';
import { targets } from '../../exporters/index.ts';
import { heldInRun } from '../../exporters/k6/checks.ts';
import type { Question } from '../../rules/verdict.ts';
import { verdictQuestions } from '../../rules/verdict.ts';
import { generators } from '../../runs/generator.ts';
import type { CheckResult } from '../../verdict/checks.ts';
import type { Fleet } from '../../verdict/fleet.ts';
import { isAbout } from '../../verdict/judge.ts';
import { type Asked, findRun, type Run } from '../../verdict/run.ts';
import { endpointsOf, scenarioIn } from '../../verdict/scenario.ts';
import { type Findings, verdictOn } from '../../verdict/verdict.ts';
import { configOf, demoConfig } from '../config-fixture.ts';

/** What a run ends as, by what Prometheus answers and what others have found. */

const run: Run = { testid: 'run-1', start: 1000, end: 1030, service: 'shop', scenario: 'browse' };

const question = (change: Partial<Question> = {}): Question => ({
  budget: 'p95',
  job: 'k6',
  indicator: 'p95',
  isDefault: false,
  severity: 'critical',
  good: 'below',
  bound: 1,
  shown: '1s',
  expr: 'p95{testid="$testid"}',
  ...change,
});

type Labels = Readonly<Record<string, string>>;
type Answers = Readonly<Record<string, readonly (readonly [value: number, labels?: Labels])[]>>;

/** A Prometheus that knows some queries by a part of their text, and has nothing for the others. */
function prometheus(answers: Answers) {
  const asked: { query: string; time: number }[] = [];
  const instant: Asked['instant'] = async (query, time) => {
    asked.push({ query, time });
    const [, found = []] = Object.entries(answers).find(([part]) => query.includes(part)) ?? [];
    return { result: found.map(([value, metric = {}]) => ({ metric, value: [time, String(value)] })), warnings: [] };
  };
  return { instant, asked };
}

const good: Answers = { p95: [[0.4]], k6_http_reqs_total: [[1000]] };
const verdict = (answers: Answers, findings: Findings = {}, change: Partial<Parameters<typeof verdictOn>[1]> = {}) =>
  verdictOn(run, { questions: [question()], doubts: [], ...change }, prometheus({ ...good, ...answers }), findings);

test('a run whose budgets and checks hold passes', async () => {
  const checks: CheckResult[] = [{ name: 'stock', state: 'held', text: '10 is 10' }];
  expect(await verdict({}, { checks })).toMatchObject({ verdict: 'pass', reasons: [], checks });
});

test('every query is narrowed to the own series, and asked once the last samples are there', async () => {
  const server = prometheus(good);
  const doubts = [{ reason: 'away', expr: 'absent{service="$service"}[$__range:1s] * $__range_s' }];
  const own = (query: string) => query.replaceAll('{', '{own="1",');
  const fleet: Fleet = [{ runner: '0', requests: 1, failed: 0, iterations: 1, dropped: 0, broken: [] }];
  await verdictOn(run, { questions: [question()], doubts, own }, server, { fleet });
  expect(server.asked.length).toBe(4);
  for (const { query, time } of server.asked) {
    expect({ query, time }).toEqual({ query: expect.stringContaining('own="1"'), time: 1045 });
    expect(query).not.toContain('$');
  }
  expect(server.asked.map(({ query }) => query)).toContain('absent{own="1",service="shop"}[47s:1s] * 30');
});

describe('the checks of the data', () => {
  const check = (state: CheckResult['state']): CheckResult => ({ name: 'no order is lost', state, text: '3 are' });

  test.each([
    ['broken', 'fail', 'no order is lost is broken: 3 are'],
    ['unknown', 'invalid', 'no order is lost could not be checked: 3 are'],
  ] as const)('%s: %s', async (state, expected, reason) => {
    expect(await verdict({}, { checks: [check(state)] })).toMatchObject({ verdict: expected, reasons: [reason] });
  });

  test('that are broken do not make a run valid', async () => {
    const { verdict: found } = await verdict({}, { checks: [check('broken'), check('unknown')] });
    expect(found).toBe('invalid');
  });
});

describe('the checks of a scenario', () => {
  test('that hold in less than 99 of a hundred fail it, worst first', async () => {
    const shares: Answers = {
      k6_checks_rate: [
        [0.9899, { check: 'b' }],
        [0.99, { check: 'c' }],
        [0.93, { check: 'a' }],
      ],
    };
    expect(await verdict(shares)).toMatchObject({
      verdict: 'fail',
      reasons: ['check "a" passed in 93 %', 'check "b" passed in 98.99 %'],
    });
  });
});

describe('a reason to doubt', () => {
  const doubts = [{ reason: 'runner {{pod}} of $service at {{value}} %', expr: 'cpu' }];
  const cpu = (count: number): Answers => ({
    cpu: Array.from({ length: count }, (_, index) => [80 + index + 0.123, { pod: `r-${index}` }] as const),
  });

  test('makes it invalid, in words, also where a budget is broken', async () => {
    const found = await verdict({ p95: [[2]], ...cpu(1) }, {}, { doubts });
    expect(found).toMatchObject({ verdict: 'invalid', reasons: ['runner r-0 of shop at 80.1 %'] });
    expect(found.budgets[0]).toMatchObject({ state: 'broken', value: 2 });
  });

  test('is not repeated for each of two hundred runners', async () => {
    const { reasons } = await verdict(cpu(200), {}, { doubts });
    expect(reasons).toHaveLength(4);
    expect(reasons.at(-1)).toBe('the same of 197 more');
  });

  test('that is about the service is none where nobody says which it is', async () => {
    const { service: _, ...unknown } = run;
    const of = [{ reason: 'away', expr: 'away{service="$service"}' }];
    const server = prometheus({ ...good, away: [[1]] });
    expect(await verdictOn(unknown, { questions: [question()], doubts: of }, server)).toMatchObject({
      verdict: 'pass',
    });
  });
});

describe('what the runners counted', () => {
  const runner = (name: string, requests: number) => ({
    runner: name,
    requests,
    failed: 0,
    iterations: 1,
    dropped: 0,
    broken: [],
  });

  test.each<[string, Fleet, string[]]>([
    ['as much', [runner('0', 400), runner('1', 600)], []],
    ['hardly more', [runner('0', 400), runner('1', 610)], []],
    [
      'more',
      [runner('0', 400), runner('1', 620)],
      ['Prometheus has 1000 of 1020 requests: samples were lost on the way'],
    ],
    [
      'less',
      [runner('0', 400)],
      ['Prometheus has 1000 requests, and the runners made 400: somebody else pushes under the id of this run'],
    ],
    [
      'something, but for one',
      [runner('0', 1000), { runner: '1', missing: 'it was evicted' }],
      ['runner 1 left no result: it was evicted'],
    ],
    [
      'nothing that is known',
      { missing: 'the API server did not answer' },
      [expect.stringContaining('the API server')],
    ],
    ['nothing, as there was none', [], ['there was no runner']],
  ])('%s', async (_, fleet, reasons) => {
    const found = await verdict({}, { fleet });
    expect(found).toMatchObject({ verdict: reasons.length ? 'invalid' : 'pass', reasons, fleet });
  });

  test.each<[string, string[][], string]>([
    ['no runner got an order through', [['orders_acknowledged: count>0'], ['orders_acknowledged: count>0']], 'invalid'],
    ['one runner did', [['orders_acknowledged: count>0'], []], 'pass'],
    [
      'only budgets of its parts are broken',
      [['http_req_duration: p(95)<=1'], ['http_req_duration: p(95)<=1']],
      'pass',
    ],
  ])('of a scenario that orders, where %s', async (_, broken, wanted) => {
    const fleet = broken.map((own, index) => ({ ...runner(String(index), 500), broken: own }));
    const ordering = { ...run, scenario: 'shopping-journey' };
    const asked = { questions: [question()], doubts: [] };
    const found = await verdictOn(ordering, asked, prometheus(good), { fleet });
    expect(found.verdict).toBe(wanted);
    if (wanted === 'invalid')
      expect(found.reasons).toEqual([
        'it has not tested what it is for: orders_acknowledged: count>0 was broken at every runner',
      ]);
  });

  test('and Prometheus has nothing', async () => {
    const found = await verdict({ k6_http_reqs_total: [] }, { fleet: [runner('0', 10)] });
    expect(found.reasons).toEqual(['Prometheus has 0 of 10 requests: samples were lost on the way']);
  });

  test('is asked for as the metric contract wants it, and so are the checks', () => {
    const catalogue = catalogueOf(targets(configOf(demoConfig)));
    for (const expr of [...Object.values(generators).map(({ counted }) => counted), heldInRun()])
      expect(check(expressionOf({ budget: '', job: 'k6', expr }), catalogue).mistakes).toEqual([]);
  });
});

describe('a budget is about a run', () => {
  test.each<[string, Partial<Question>, Partial<Run>, boolean]>([
    ['of its service', { service: 'shop' }, {}, true],
    ['not of another', { service: 'auth' }, {}, false],
    ['of another, which measures itself', { service: 'auth', job: 'service' }, {}, true],
    ['of all but another', { exceptServices: ['auth'] }, {}, true],
    ['not of all but its own', { exceptServices: ['shop'] }, {}, false],
    ['of any service, where nobody says which it is', { service: 'auth' }, { service: undefined }, true],
    ['of what its scenario sends', { endpoint: 'product_list' }, {}, true],
    ['not of what it does not', { endpoint: 'post_list' }, {}, false],
    ['of what any sends, where the scenario is not known', { endpoint: 'post_list' }, { scenario: 'of-our-own' }, true],
    ['of what any sends, where nobody says which it is', { endpoint: 'post_list' }, { scenario: undefined }, true],
    [
      'of what the scenario sends that its label begins with',
      { endpoint: 'add_to_cart' },
      { scenario: 'shopping-journey_a' },
      true,
    ],
    ['not of Kafka bots, for a run of k6', { job: 'kafka-bot' }, {}, false],
    ['not of k6, for a run of Kafka bots', {}, { scenario: 'kafka-bot' }, false],
    ['of bots, for theirs', { job: 'kafka-bot' }, { scenario: 'kafka-bot', topics: ['orders'] }, true],
    ['of a topic', { job: 'kafka-bot', topic: 'orders' }, { scenario: 'kafka-bot', topics: ['orders'] }, true],
    ['not of another', { job: 'kafka-bot', topic: 'audit' }, { scenario: 'kafka-bot', topics: ['orders'] }, false],
  ])('%s', (_, narrowed, change, expected) => {
    expect(isAbout(question(narrowed), { ...run, ...change } as Run)).toBe(expected);
  });

  test('and says of whom it is', () => {
    const config = configOf({
      ...demoConfig,
      budgets: [
        { indicator: 'p95', bound: '2s', service: 'auth' },
        { indicator: 'p95', bound: '3s', endpoint: 'product_list' },
        { indicator: 'p95', bound: '1s', endpoint: 'product_list', service: 'shop' },
      ],
    });
    const found = verdictQuestions(config, targets(config)).filter(
      ({ job, indicator, severity }) => job === 'k6' && indicator === 'p95' && severity === 'critical',
    );
    expect(
      found.map(({ budget, service, endpoint, exceptServices }) => [budget, service, endpoint, exceptServices]),
    ).toEqual([
      ['p95', undefined, undefined, ['auth']],
      ['p95 of service auth', 'auth', undefined, undefined],
      ['p95 of endpoint product_list', undefined, 'product_list', ['shop']],
      ['p95 of service shop of endpoint product_list', 'shop', 'product_list', undefined],
    ]);
  });
});

describe('the scenario of a run', () => {
  test.each([
    [['browse'], 'browse'],
    [['coupon-spike_first', 'coupon-spike_second'], 'coupon-spike'],
    [['of-our-own'], 'of-our-own'],
    [['browse', 'search-load'], undefined],
    [[], undefined],
  ])('%j: %s', (labels, expected) => {
    expect(scenarioIn(labels)).toBe(expected);
  });

  test('says what it sends', () => {
    expect(endpointsOf('blog-read')).toEqual(['post_list', 'post_detail']);
    expect(endpointsOf('of-our-own')).toBeUndefined();
  });
});

describe('a run is found by what it pushed', () => {
  const found = (services: readonly string[], stored: readonly number[], isSeen = true) =>
    findRun('run-1', 600, {
      instant: async (query, time) => {
        const series = (metric: Labels, value = 1) => ({ metric, value: [time, String(value)] as const });
        if (!isSeen && /^(min|max)\(/.test(query)) return { result: [], warnings: [] };
        if (query.startsWith('min(')) return { result: [series({}, 1000)], warnings: [] };
        if (query.startsWith('max(')) return { result: [series({}, 1024)], warnings: [] };
        if (query.includes('by (service)'))
          return { result: services.map((service) => series({ service })), warnings: [] };
        if (query.includes('by (scenario)')) return { result: [series({ scenario: 'browse_a' })], warnings: [] };
        return { result: [{ metric: {}, values: stored.map((at) => [at, '5'] as const) }], warnings: [] };
      },
    });

  test('to its last sample, which a look every second may miss', async () => {
    expect(await found(['shop'], [1019.5, 1024, 1028.978])).toEqual({
      testid: 'run-1',
      start: 1000,
      end: 1028.978,
      service: 'shop',
      scenario: 'browse',
    });
    expect(await found(['shop'], [])).toMatchObject({ end: 1024 });
  });

  test('where it was over before its first push, which ended its series, too', async () => {
    expect(await found(['shop'], [1003.5, 1003.9], false)).toMatchObject({
      start: 1003.5,
      end: 1003.9,
      service: 'shop',
    });
    expect(await found([], [], false)).toBeUndefined();
  });

  test('of no service, where it is of several', async () => {
    expect(await found(['shop', 'auth'], [])).not.toHaveProperty('service');
  });
});
