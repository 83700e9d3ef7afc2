import type { Dashboard } from '../contract/dashboard.ts';
import { type Readers, readsOf } from '../contract/reads.ts';
import { counter, gauge, histogram, nativeHistogram } from '../model/metric.ts';
import type { Target } from '../model/target.ts';

/** Whose series an expression reads, and from which places expressions are read. */

const labels = ['job', 'instance'] as const;

const target = (name: string, metrics: Target['metrics'], health?: string): Target => ({
  name,
  title: name,
  metrics,
  scrape: { discovery: { kind: 'static', address: { host: name, port: 1 }, instance: name } },
  ...(health ? { health } : {}),
});

const work = counter('work_total', labels, '');
const shop = target('shop', {
  work,
  duration: histogram('duration_seconds', [...labels, 'le'], ''),
  latency: nativeHistogram('latency_seconds', labels, ''),
  pool: gauge('pool_size', labels, ''),
});
const cache = target('cache', { work, keys: gauge('keys', labels, '') });

const none: Readers = { dashboards: [], rules: { groups: [] } };

const readsBy = (readers: Partial<Readers>, targets = [shop, cache]) =>
  Object.fromEntries(
    [...readsOf(targets, { ...none, ...readers })].flatMap(([job, names]) => (names.size ? [[job, [...names]]] : [])),
  );

test.each([
  ['pool_size', { shop: ['pool_size'] }],
  ['sum(rate(work_total[5m] offset 1h)) / (count(keys) > 0)', { shop: ['work_total'], cache: ['work_total', 'keys'] }],
  ['max_over_time((keys > 1)[5m:1m] @ end())', { cache: ['keys'] }],
  [
    'topk(3, label_replace(keys, "a", "$1", "instance", "(.*)")) unless on (instance) pool_size',
    { shop: ['pool_size'], cache: ['keys'] },
  ],
  // Of a histogram the parts that are asked for.
  ['histogram_quantile(0.95, sum by (le) (rate(duration_seconds_bucket[1m])))', { shop: ['duration_seconds_bucket'] }],
  [
    'rate(duration_seconds_sum[1m]) / (rate(duration_seconds_count[1m]) > 0)',
    { shop: ['duration_seconds_sum', 'duration_seconds_count'] },
  ],
  ['histogram_quantile(0.95, rate(latency_seconds[1m]))', { shop: ['latency_seconds'] }],
  // By the matchers of job.
  ['rate(work_total{job="cache"}[1m])', { cache: ['work_total'] }],
  ['rate(work_total{job!="cache"}[1m])', { shop: ['work_total'] }],
  ['rate(work_total{job=~"sh.*|mysql"}[1m])', { shop: ['work_total'] }],
  ['rate(work_total{job!~"(?i)SHOP|cache"}[1m])', { shop: ['work_total'] }],
  // A flag of RE2, whose meaning is passed over.
  ['rate(work_total{job=~"(?i)cache"}[1m])', { cache: ['work_total'] }],
  ['rate(work_total{job=~"$job"}[1m])', { shop: ['work_total'], cache: ['work_total'] }],
  ['rate(work_total{instance="cache"}[1m])', { shop: ['work_total'], cache: ['work_total'] }],
  // What Prometheus makes itself, what nobody has, and what does not parse.
  ['up{job="shop"} == 0 or ALERTS or pool_sizes', {}],
  ['sum(pool_size', {}],
])('%s', (query, expected) => {
  expect(readsBy({ queries: [query] })).toEqual(expected);
});

describe('an expression is read', () => {
  const panel = (expr: string) => ({ title: expr, targets: [{ refId: 'A', expr }] });
  const dashboard = (change: Partial<Dashboard>): Dashboard => ({ title: 'Shop', ...change });
  const expected = { cache: ['keys'] };

  test.each<[string, Partial<Dashboard>]>([
    ['a panel', { panels: [panel('keys{instance=~"$instance"}')] }],
    ['a panel in a row that is folded up', { panels: [{ title: 'Row', panels: [panel('keys')] }] }],
    [
      'a variable',
      { templating: { list: [{ name: 'instance', type: 'query', query: { query: 'label_values(keys, instance)' } }] } },
    ],
    ['an annotation', { annotations: { list: [{ name: 'Runs', expr: 'keys > 0' }] } }],
  ])('in %s', (_, change) => {
    expect(readsBy({ dashboards: [dashboard(change)] })).toEqual(expected);
  });

  test('in an alert, in what is recorded, and not in what is read of that', () => {
    const rules = (...of: object[]) => ({ groups: [{ name: 'g', rules: of as { expr: string }[] }] });
    expect(readsBy({ rules: rules({ alert: 'Full', expr: 'keys > 5' }) })).toEqual(expected);
    expect(
      readsBy({
        rules: rules({ record: 'cache:keys:max', expr: 'max(keys)' }, { alert: 'Full', expr: 'cache:keys:max > 5' }),
        dashboards: [dashboard({ panels: [panel('cache:keys:max')] })],
      }),
    ).toEqual(expected);
  });

  test('in what says whether a target answers', () => {
    expect(readsBy({}, [target('cache', cache.metrics, 'keys >= bool 0')])).toEqual(expected);
  });

  test('and every target is there, whatever is read of it', () => {
    expect([...readsOf([shop, cache], none).entries()]).toEqual([
      ['shop', new Set()],
      ['cache', new Set()],
    ]);
  });
});
