import { catalogueOf } from '../contract/catalogue.ts';
import { check } from '../contract/check.ts';
import type { Expression } from '../contract/expression.ts';
import { contractMistakes } from '../contract/index.ts';
import { type RuleFile, ruleMistakes } from '../contract/rules.ts';
import { counter, gauge, histogram, nativeHistogram, sparse } from '../model/metric.ts';
import type { Target } from '../model/target.ts';
import { accepted, broken } from './contract-cases.ts';

/** The rules of docs/metric-contract.md, each by a query that breaks it. */

const labels = ['job', 'instance'] as const;

const shop: Target = {
  name: 'shop',
  title: 'Shop',
  metrics: {
    requests: counter('requests_total', [...labels, 'uri', 'status'], ''),
    duration: histogram('duration_seconds', [...labels, 'uri', 'le'], ''),
    latency: nativeHistogram('latency_seconds', [...labels, 'uri'], ''),
    connections: gauge('connections', [...labels, 'pool'], ''),
    connectionsMax: gauge('connections_max', [...labels, 'pool'], ''),
    slowest: gauge('latency_seconds_p95', labels, ''),
    drops: sparse(counter('drops_total', [...labels, 'pool'], '')),
    summary: gauge('pause_seconds', [...labels, 'quantile'], ''),
  },
  scrape: {
    discovery: { kind: 'pods', namespaces: ['shop'] },
    relabel: [
      { source_labels: ['a'], target_label: '__tmp_service' },
      { source_labels: ['a'], target_label: 'pod' },
    ],
  },
};

const cache: Target = {
  name: 'cache',
  title: 'Cache',
  metrics: { keys: gauge('keys', labels, ''), requests: counter('requests_total', [...labels, 'command'], '') },
};

const catalogue = () => catalogueOf([shop, cache]);

const mistakesOf = (text: string, more: Partial<Expression> = {}) =>
  check({ where: 'here', text, shows: 'numbers', labels: [], variables: new Map(), ...more }, catalogue()).mistakes;

const variables = new Map([
  ['pod', { interval: false, several: true }],
  ['window', { interval: true, several: false }],
]);

describe('a mistake is named, once', () => {
  test.each(broken)('%s', (_, text, message) => {
    const [mistake = '', ...others] = mistakesOf(text);
    const said = mistake.slice('here: '.length, mistake.indexOf(` Query: ${text}`)).replace(/\.$/, '');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(others).toEqual([]);
  });
});

test.each(accepted)('takes %s', (text) => {
  expect(mistakesOf(text)).toEqual([]);
});

describe('a variable', () => {
  test.each([
    ['of a duration stands for one', 'rate(requests_total[$window])', []],
    ['with several values is matched as a regular expression', 'up{pod=~"$pod"}', []],
    [
      'with several values is not matched as one',
      'up{pod="$pod"}',
      ['here: pod="$pod" finds nothing when several values of $pod are chosen; use =~. Query: up{pod="$pod"}'],
    ],
    [
      'leaves positions as they are',
      'rate(requests_total[$__rate_interval])) > $__range_s',
      [
        'here: does not parse from character 39, ") > $__range_s". Query: rate(requests_total[$__rate_interval])) > $__range_s',
      ],
    ],
  ])('%s', (_, text, mistakes) => {
    expect(mistakesOf(text, { variables })).toEqual(mistakes);
  });
});

describe('on a dashboard', () => {
  const dashboard = (change: object = {}) => ({
    title: 'Shop',
    panels: [
      {
        title: 'Open connections',
        interval: '$interval',
        targets: [{ refId: 'A', expr: 'sum by (pool) (connections{instance=~"$instance"})', legendFormat: '{{pool}}' }],
        ...change,
      },
    ],
    templating: {
      list: [
        { name: 'instance', type: 'query', query: { query: 'label_values(connections, instance)' }, includeAll: true },
        { name: 'interval', type: 'interval' },
      ],
    },
  });
  const query = (change: object) => dashboard({ targets: [{ ...dashboard().panels[0]?.targets[0], ...change }] });
  const mistakes = (board: ReturnType<typeof dashboard>) => contractMistakes([shop, cache], [board], { groups: [] });

  test('what is right is taken', () => {
    expect(mistakes(dashboard())).toEqual([]);
    expect(
      mistakes(
        query({ expr: 'sum(rate(latency_seconds{instance=~"$instance"}[1m]))', format: 'heatmap', legendFormat: '' }),
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'a legend with a label that the result has not',
      query({ legendFormat: '{{ pol }}' }),
      'dashboard "Shop", panel "Open connections", query A: what it shows has no label "pol"; did you mean "pool"? It has: pool. Query: sum by (pool) (connections{instance=~"$instance"})',
    ],
    [
      'a heatmap of numbers',
      query({ format: 'heatmap' }),
      'dashboard "Shop", panel "Open connections", query A: gives numbers, where a heatmap shows histograms. Query: sum by (pool) (connections{instance=~"$instance"})',
    ],
    [
      'a variable that is used and not there',
      dashboard({ title: 'Open in $instance, $intervall' }),
      'dashboard "Shop", panel "Open in $instance, $intervall": no variable "$intervall"; did you mean "interval"?',
    ],
    [
      'a variable that is there and only spoken of',
      dashboard({ interval: '1m', description: 'As $interval says.' }),
      'dashboard "Shop", variable "interval": nothing uses it; take it away, or let a query match it',
    ],
    [
      'a panel in a row that is folded up',
      dashboard({ panels: [{ title: 'Folded', targets: [{ refId: 'A', expr: 'keyss' }] }] }),
      'dashboard "Shop", panel "Folded", query A: no metric "keyss"; did you mean "keys"? Query: keyss',
    ],
    [
      'a variable of a label that its metric has not',
      {
        ...dashboard(),
        templating: {
          list: [
            {
              ...dashboard().templating.list[0],
              name: 'instance',
              type: 'query',
              query: { query: 'label_values(connections, instanc)' },
            },
            { name: 'interval', type: 'interval' },
          ],
        },
      },
      'dashboard "Shop", variable "instance": what it shows has no label "instanc"; did you mean "instance"? It has: job, instance, pool. Query: connections',
    ],
    [
      'a variable of an expression on a metric that there is not',
      {
        ...dashboard(),
        templating: {
          list: [
            {
              ...dashboard().templating.list[0],
              query: { query: 'query_result(sum by (instance) (key))' },
              regex: '/instance="([^"]+)"/',
            },
            { name: 'interval', type: 'interval' },
          ],
        },
      },
      'dashboard "Shop", variable "instance": no metric "key"; did you mean "keys"? Query: sum by (instance) (key)',
    ],
    [
      'a variable that takes a label out of an expression which has it not',
      {
        ...dashboard(),
        templating: {
          list: [
            {
              ...dashboard().templating.list[0],
              query: { query: 'query_result(sum by (instance) (keys))' },
              regex: '/instanc="([^"]+)"/',
            },
            { name: 'interval', type: 'interval' },
          ],
        },
      },
      'dashboard "Shop", variable "instance": what it shows has no label "instanc"; did you mean "instance"? It has: instance. Query: sum by (instance) (keys)',
    ],
    [
      'an annotation of a metric that there is not',
      { ...dashboard(), annotations: { list: [{ name: 'Runs', expr: 'key' }] } },
      'dashboard "Shop", annotation "Runs": no metric "key"; did you mean "keys"? Query: key',
    ],
  ])('%s', (_, board, message) => {
    expect(mistakes(board as ReturnType<typeof dashboard>)).toEqual([message]);
  });
});

describe('in the rule file', () => {
  const mistakes = (...rules: RuleFile['groups'][number]['rules'][number][]) =>
    ruleMistakes({ groups: [{ name: 'shop', rules }] }, catalogue());

  test('a rule reads what is recorded above it, and alerts', () => {
    const recorded = {
      record: 'uri:requests:rate1m',
      expr: 'sum by (uri) (rate(requests_total{job="shop"}[1m]))',
      labels: { window: 'short' },
    };
    const reader = {
      alert: 'Quiet',
      expr: 'uri:requests:rate1m{window="short"} == 0',
      annotations: { summary: '{{ $labels.uri }}' },
    };
    const ofAlerts = { record: 'alerts:count', expr: 'count by (alertname, uri) (ALERTS{alertstate="firing"})' };
    expect(mistakes(recorded, reader, ofAlerts)).toEqual([]);
    expect(mistakes(reader, recorded)).toEqual([expect.stringContaining('no metric "uri:requests:rate1m"')]);
  });

  test('a percentile stays one when it is recorded', () => {
    expect(
      mistakes(
        { record: 'uri:latency:p95', expr: 'histogram_quantile(0.95, sum by (uri) (rate(latency_seconds[1m])))' },
        { alert: 'Slow', expr: 'avg(uri:latency:p95) > 1' },
      ),
    ).toEqual([expect.stringContaining('rule group "shop", alert "Slow": the avg of percentiles')]);
  });

  test.each([
    [
      'a text with a label that the alert has not',
      { alert: 'Full', expr: 'sum by (pool) (connections) > 9', annotations: { summary: '{{ $labels.instance }}' } },
      'rule group "shop", alert "Full": what it shows has no label "instance"; did you mean "pool"? It has: pool. Query: sum by (pool) (connections) > 9',
    ],
    [
      'a variable, which only dashboards have',
      { alert: 'Full', expr: 'connections{pool="$pool"} > 9' },
      'rule group "shop", alert "Full": "$pool" is a variable of a dashboard, and a rule has none. Query: connections{pool="$pool"} > 9',
    ],
  ])('%s', (_, rule, message) => {
    expect(mistakes(rule)).toEqual([message]);
  });
});
