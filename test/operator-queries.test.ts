import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expressionsOf } from '../contract/dashboard.ts';
import { contractMistakes } from '../contract/index.ts';
import { rulesOf } from '../contract/rules.ts';
import { targets } from '../exporters/index.ts';
import { ownSeries } from '../model/own-series.ts';
import { publish } from '../synth/publish.ts';
import { writtenQueries } from '../synth/written-queries.ts';
import { configOf, demoConfig, fullConfig, operatorConfig } from './config-fixture.ts';
import { find, manifestsOf } from './stack-fixture.ts';
import { findTool, testWithTool } from './tool.ts';

/** Dashboards and rules for a Prometheus that has more than the stack's series. */

const withOperator = {
  ...operatorConfig,
  output: {
    ...operatorConfig.output,
    grafana: { dashboards: 'grafana-operator', instanceSelector: { grafana: 'main' } },
  },
};
const forms = [
  ['a sidecar', operatorConfig, 'ConfigMap'],
  ['the Grafana Operator', withOperator, 'GrafanaDashboard'],
] as const;

describe('a query asks for series of the stack only', () => {
  const own = ownSeries(targets(configOf(fullConfig)), 'loadscope');

  test.each([
    ['rate(container_cpu_usage_seconds_total[5m])', 'rate(container_cpu_usage_seconds_total{job="containers"}[5m])'],
    ['machine_cpu_cores{}', 'machine_cpu_cores{job="containers",}'],
    [
      'container_memory_working_set_bytes{pod=~"a{2}|\\"}.*"} > 0',
      'container_memory_working_set_bytes{job="containers",pod=~"a{2}|\\"}.*"} > 0',
    ],
    ['mysql_up{instance=~"$instance"}', 'mysql_up{job="mysql",instance=~"made|given",instance=~"$instance"}'],
    ['kube_pod_status_phase', 'kube_pod_status_phase{job="kube-state-metrics",instance="kube-state-metrics"}'],
    [
      'rate(http_server_requests_seconds_bucket[$__rate_interval])',
      'rate(http_server_requests_seconds_bucket{job="service"}[$__rate_interval])',
    ],
    [
      'label_values(container_memory_working_set_bytes{service!=""}, service)',
      'label_values(container_memory_working_set_bytes{job="containers",service!=""}, service)',
    ],
    ['ALERTS{alertstate="firing"}', 'ALERTS{stack="loadscope",alertstate="firing"}'],
    // What names a job, text, and what the stack does not scrape stay.
    ['absent(up{instance="made", job="mysql"})', 'absent(up{instance="made", job="mysql"})'],
    ['label_replace(vector(1), "a", "mysql_up", "", "")', 'label_replace(vector(1), "a", "mysql_up", "", "")'],
    [
      'http_server_requests_seconds_bucket_other + node_load1',
      'http_server_requests_seconds_bucket_other + node_load1',
    ],
    ['"$mysql_up" + resource:pressure:ratio', '"$mysql_up" + resource:pressure:ratio'],
  ])('%s', (query, expected) => {
    expect(own(query)).toBe(expected);
  });

  test('and of jobs that are scraped, where the metric is of every scrape', () => {
    expect(own('up == 0')).toBe(
      'up{job=~"containers|mysql|redis|kafka|elasticsearch|service|kube-state-metrics|zipkin|prometheus|alertmanager"} == 0',
    );
  });
});

describe.each(forms)('for %s', (_, config, kind) => {
  const manifests = manifestsOf(config);
  const { dashboards, rules } = writtenQueries(manifests);
  const plain = writtenQueries(manifestsOf(fullConfig));
  const declared = targets(configOf(config));

  test('every dashboard is there but those of what the cluster has already', () => {
    const titles = plain.dashboards.map(({ title }) => title);
    expect(dashboards.map(({ title }) => title)).toEqual(
      titles.filter((title) => !['Prometheus', 'Alertmanager'].includes(title)),
    );
    expect(
      manifests.filter(
        (manifest) => manifest.kind === kind && /load-test-overview|bottleneck/.test(manifest.metadata.name),
      ),
    ).toHaveLength(2);
  });

  test('so is every rule, and one for each target that can be missing', () => {
    const names = (file: typeof rules) =>
      rulesOf(file)
        .map(({ rule: { alert, record } }) => alert ?? record)
        .filter((name) => name !== 'TargetMissing');
    const others = manifestsOf({ ...fullConfig, output: operatorConfig.output });
    expect(names(rules)).toEqual(names(writtenQueries(others).rules));
    expect(names(rules)).toEqual(expect.arrayContaining(['TargetDown', 'MysqlDown', 'resource:pressure:ratio']));
    const missing = rulesOf(rules).filter(({ rule }) => rule.alert === 'TargetMissing');
    expect(missing.map(({ rule }) => rule.expr)).toEqual(
      expect.arrayContaining([
        'absent(up{job="mysql",instance="given"})',
        'absent(up{job="zipkin",instance="zipkin"})',
      ]),
    );
  });

  test('each selector of a metric that is scraped or pushed names its job', () => {
    const names = declared.flatMap(({ metrics }) => Object.values(metrics).map(({ name }) => name));
    const texts = [
      ...dashboards.flatMap(expressionsOf).map(({ text }) => text),
      ...rulesOf(rules).map(({ rule }) => rule.expr),
    ];
    const selectors = texts.flatMap((text) => [
      ...text.matchAll(
        new RegExp(`(?<![\\w:$"])(${names.join('|')}|up)(_bucket|_sum|_count)?(?![\\w:"])(.{0,6})`, 'g'),
      ),
    ]);
    expect(selectors.length).toBeGreaterThan(100);
    for (const [, name, , next] of selectors)
      expect({ name, next }).toEqual({ name, next: expect.stringMatching(/^\{job=/) });
  });

  test('they keep the metric contract, and are found where they break it', () => {
    expect(contractMistakes(declared, dashboards, rules)).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
    try {
      expect(publish(configOf(config), folder).length).toBeGreaterThan(5);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const broken = JSON.parse(JSON.stringify(manifests).replaceAll('mysql_up', 'mysql_upp'));
    const found = writtenQueries(broken);
    expect(contractMistakes(declared, found.dashboards, found.rules).join('\n')).toContain('alert "MysqlDown"');
    const without = JSON.parse(JSON.stringify(manifests).replaceAll('k6_vus{', 'k6_vuss{'));
    const others = writtenQueries(without);
    expect(contractMistakes(declared, others.dashboards, others.rules).join('\n')).toContain('dashboard "Load test');
  });
});

test('alerts carry the name of the stack, so that they can be told from others', () => {
  const alerts = rulesOf(writtenQueries(manifestsOf(operatorConfig)).rules).filter(({ rule }) => rule.alert);
  expect(alerts.length).toBeGreaterThan(5);
  for (const { rule } of alerts) expect(rule.labels).toMatchObject({ stack: 'loadscope' });
});

test('a GrafanaDashboard is for the Grafana of the selector, in the folder of the stack', () => {
  const { spec } = find(manifestsOf(withOperator), 'GrafanaDashboard', 'load-test-overview');
  expect(spec).toMatchObject({
    instanceSelector: { matchLabels: { grafana: 'main' } },
    allowCrossNamespaceImport: true,
    folder: 'Load Testing',
  });
});

test.each([
  ['the stack', fullConfig],
  ['the cluster', operatorConfig],
])('a sidecar finds the dashboards by their label, whether Grafana is one of %s', (_, config) => {
  const boards = manifestsOf(config).filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('dashboard-'),
  );
  expect(boards.length).toBeGreaterThan(2);
  for (const { metadata } of boards) {
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(metadata.annotations).toEqual({ grafana_folder: 'Load Testing' });
  }
});

const promtool = findTool('promtool', '--version');

testWithTool(promtool)('Prometheus takes the rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  try {
    const { spec } = find(manifestsOf({ ...demoConfig, output: operatorConfig.output }), 'PrometheusRule', 'loadscope');
    const file = join(folder, 'rules.yml');
    writeFileSync(file, stringify(spec));
    expect(promtool?.('check', 'rules', file)).toMatchObject({ status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
