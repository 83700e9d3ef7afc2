import { type DashboardJson, openedQueries } from '../../cli/lib/grafana-queries.ts';

/** Queries as Grafana sends them when a dashboard is opened. */

const variables = [
  { name: 'datasource', type: 'datasource', query: 'prometheus' },
  { name: 'interval', type: 'interval', current: { value: '30s' } },
  {
    name: 'testid',
    type: 'query',
    query: { query: 'label_values(k6_vus, testid)' },
    includeAll: true,
    multi: true,
    allValue: '.+',
    current: { value: '$__all' },
  },
  { name: 'service', type: 'query', query: 'label_values(service)', multi: true, current: { value: ['a.b', 'c'] } },
  {
    name: 'pod',
    type: 'query',
    query: 'query_result(max by (pod) (x{testid=~"$testid"}[$__range]))',
    current: { value: 'say "p"' },
  },
  { name: 'all', type: 'query', query: 'metrics(x)', includeAll: true, multi: true, current: { value: ['$__all'] } },
  { name: 'baseline', type: 'query', query: 'label_values(k6_vus, testid)', current: { value: 'none' } },
  { name: 'unset', type: 'textbox' },
];

const dashboardOf = (expr: string, more = {}, panel = {}): DashboardJson => ({
  title: 'd',
  templating: { list: variables },
  panels: [{ title: 'p', targets: [{ refId: 'A', expr, ...more }], ...panel }],
});

const opening = { scrapeInterval: 5, range: 1800 };

const panelQuery = (dashboard: DashboardJson, more = {}) =>
  openedQueries(dashboard, { ...opening, ...more }).find(({ kind }) => kind === 'panel');

describe('a variable in a query', () => {
  test.each([
    ['all, where there is a text for it', 'x{a=~"$testid"}', 'x{a=~".+"}'],
    ['all, in whatever format', 'x{a=~"${testid:regex}"}', 'x{a=~".+"}'],
    ['all, where there is none', 'x{a=~"$all"}', 'x{a=~".*"}'],
    ['several values', 'x{a=~"$service"}', 'x{a=~"(a\\\\.b|c)"}'],
    ['as a regular expression', '${service:regex}', '(a\\.b|c)'],
    ['with bars', '${service:pipe}', 'a.b|c'],
    ['as it is', '${service:raw}', 'a.b,c'],
    ['one value with quotes', 'x{a="$pod"}', 'x{a="say \\"p\\""}'],
    ['an interval', 'rate(x[$interval])', 'rate(x[30s])'],
    [
      'none, but a group of a regular expression',
      'label_replace(x, "a", "$1", "b", "(.*)")',
      'label_replace(x, "a", "$1", "b", "(.*)")',
    ],
  ])('%s', (_, written, expr) => {
    expect(panelQuery(dashboardOf(written))).toMatchObject({ written, question: { expr } });
  });

  test('a choice that is given', () => {
    expect(panelQuery(dashboardOf('x{a=~"$testid"}'), { choices: { testid: 'run-1.2' } })?.question).toMatchObject({
      expr: 'x{a=~"run-1\\\\.2"}',
    });
  });

  test.each(['baseline', 'unset'])('with nothing chosen there is no question: %s', (name) => {
    expect(panelQuery(dashboardOf(`x{a="$${name}"}`))).toEqual({
      kind: 'panel',
      name: 'p',
      refId: 'A',
      written: `x{a="$${name}"}`,
      unchosen: name,
    });
  });
});

describe('time', () => {
  const expr = 'rate(x[$__rate_interval]) $__interval $__interval_ms $__range $__range_s ${__range_ms}';
  test.each([
    ['the scrape interval is the least step', {}, {}, {}, 5, '20s', 1800],
    ['the interval of the panel is', {}, { interval: '$interval' }, {}, 30, '35s', 1800],
    ['that of the query is before it', { interval: '1m' }, { interval: '10s' }, {}, 60, '240s', 1800],
    ['a slow scrape makes a wide rate', {}, { interval: '10s' }, { scrapeInterval: 60 }, 10, '240s', 1800],
    ['a long range makes a wide step, of a round length', {}, {}, { range: 86_400 }, 120, '125s', 86_400],
    ['and so do few points', {}, { maxDataPoints: 100 }, {}, 20, '25s', 1800],
  ])('%s', (_, query, panel, more, step, rate, range) => {
    expect(panelQuery(dashboardOf(expr, query, panel), more)?.question).toEqual({
      type: 'range',
      step,
      expr: `rate(x[${rate}]) ${step}s ${step * 1000} ${range}s ${range} ${range * 1000}`,
    });
  });

  test('a query of the end alone, unless it is of the range as well', () => {
    expect(panelQuery(dashboardOf('x', { instant: true }))?.question).toEqual({ type: 'instant', expr: 'x' });
    expect(panelQuery(dashboardOf('x', { instant: true, range: true }))?.question).toMatchObject({ type: 'range' });
  });
});

test('panels in rows that are folded up, variables and annotations', () => {
  const dashboard: DashboardJson = {
    title: 'd',
    templating: { list: variables.slice(2, 6) },
    panels: [
      { title: 'row', panels: [{ title: 'inside', targets: [{ refId: 'B', expr: 'y' }] }] },
      { title: 'text' },
      { title: 'traces', targets: [{ refId: 'A' }] },
    ],
    annotations: { list: [{ name: 'built in' }, { name: 'runs', expr: 'k6_vus{testid=~"$testid"} > 0' }] },
  };
  expect(openedQueries(dashboard, opening).map(({ kind, name, question }) => ({ kind, name, question }))).toEqual([
    { kind: 'variable', name: 'testid', question: { type: 'labels', selector: 'k6_vus', label: 'testid' } },
    { kind: 'variable', name: 'service', question: { type: 'labels', label: 'service' } },
    { kind: 'variable', name: 'pod', question: { type: 'instant', expr: 'max by (pod) (x{testid=~".+"}[1800s])' } },
    { kind: 'variable', name: 'all', question: undefined },
    { kind: 'panel', name: 'inside', question: { type: 'range', expr: 'y', step: 5 } },
    { kind: 'annotation', name: 'runs', question: { type: 'range', expr: 'k6_vus{testid=~".+"} > 0', step: 60 } },
  ]);
});
