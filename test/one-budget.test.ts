import { checkedQueries } from '../synth/publish.ts';
import { board, panelsOf, rulesOf } from './boards.ts';
import { configOf, fullConfig } from './config-fixture.ts';
import { manifestsOf, runnerOf } from './stack-fixture.ts';

/** A bound is written once: whatever is made of it follows it. */

const withBound = (bound: string) => ({
  ...fullConfig,
  budgets: [
    { indicator: 'p95', bound },
    { indicator: 'p95', bound, endpoint: 'product_list' },
  ],
});

/** Everything that is made of the two budgets. */
function madeOf(bound: string) {
  const config = withBound(bound);
  const { env } = runnerOf(manifestsOf(config), 'browse');
  const thresholds = JSON.parse(env.find(({ name }: { name: string }) => name === 'THRESHOLDS').value);
  const panel = panelsOf(board('load-test-overview', config)).find(
    ({ title }) => title === 'k6: p95 latency by endpoint',
  );
  return {
    thresholds: [...thresholds.http_req_duration, ...thresholds['http_req_duration{name:product_list}']],
    colors: panel.fieldConfig.defaults.thresholds.steps,
    lines: panel.targets.flatMap(({ expr }: { expr: string }) => /^vector\((.+)\)$/.exec(expr)?.[1] ?? []),
    alerts: rulesOf(config)
      .groups.flatMap((group) => group.rules)
      .flatMap((rule) =>
        'alert' in rule && rule.labels.budget?.startsWith('p95')
          ? [[rule.alert, />\s([\d.]+)( and|$)/.exec(rule.expr)?.[1]]]
          : [],
      ),
    questions: checkedQueries(configOf(config))
      .questions.filter(({ budget }) => budget.startsWith('p95'))
      .map(({ job, bound: of, good }) => [job, good, of]),
  };
}

test.each([
  ['300ms', 300, 0.3],
  ['1.25s', 1250, 1.25],
])(
  '%s is in the threshold of k6, the line of the panel, the alert and the question of the verdict',
  (bound, milliseconds, seconds) => {
    expect(madeOf(bound)).toEqual({
      thresholds: ['avg<=500', `p(95)<=${milliseconds}`, `p(95)<=${milliseconds}`],
      colors: [
        { value: null, color: 'green' },
        { value: seconds, color: 'red' },
      ],
      lines: [String(seconds)],
      alerts: [
        ['LoadTestLatencyHigh', String(seconds)],
        ['HttpLatencyHigh', String(seconds)],
        ['LoadTestLatencyHigh', String(seconds)],
      ],
      questions: [
        ['k6', 'below', seconds],
        ['service', 'below', seconds],
        ['k6', 'below', seconds],
      ],
    });
  },
);

test('a budget that only warns fails no run of k6', () => {
  const warning = { ...fullConfig, budgets: [{ indicator: 'p99', bound: '2s', severity: 'warning' }] };
  const { env } = runnerOf(manifestsOf(warning), 'browse');
  expect(env.find(({ name }: { name: string }) => name === 'THRESHOLDS').value).not.toContain('p(99)');
});
