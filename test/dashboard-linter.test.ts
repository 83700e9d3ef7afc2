import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenQueries } from '../synth/written-queries.ts';
import { demoConfig, fullConfig, operatorConfig } from './config-fixture.ts';
import type { Dashboard, Panel, Template } from './linter/dashboard.ts';
import { type Exclusion, excludes, exclusionsOf, type Finding } from './linter/exceptions.ts';
import { lint, ruleNames } from './linter/rules.ts';
import { manifestsOf } from './stack-fixture.ts';

/** The rules of dashboard-linter hold for every dashboard, but for the exceptions in dashboards/.lint. */

const exclusions = exclusionsOf(readFileSync(join(import.meta.dirname, '../dashboards/.lint'), 'utf8'));

const configs = {
  full: fullConfig,
  demo: demoConfig,
  operator: operatorConfig,
  'without native histograms': { ...fullConfig, nativeHistograms: false, containerMetrics: { source: 'cadvisor' } },
};
const all = Object.entries(configs).flatMap(([name, config]) =>
  (writtenQueries(manifestsOf(config)).dashboards as unknown as Dashboard[]).map(
    (dashboard) => [`${dashboard.title} (${name})`, dashboard] as const,
  ),
);
const left = (findings: readonly Finding[], by: readonly Exclusion[]) =>
  findings.filter((finding) => !by.some((exclusion) => excludes(exclusion, finding)));

test.each(all)('%s', (_, dashboard) => {
  expect(
    left(lint(dashboard), exclusions).map(
      ({ rule, panel, target, message }) => `${rule}: ${panel ?? 'dashboard'}, target ${target ?? '-'}: ${message}`,
    ),
  ).toEqual([]);
});

describe('the exceptions', () => {
  const findings = all.flatMap(([, dashboard]) => lint(dashboard));

  test.each(exclusions.map((exclusion) => [exclusion.rule, JSON.stringify(exclusion.entry), exclusion] as const))(
    '%s, %s: is needed, and says why',
    (rule, _, exclusion) => {
      expect(ruleNames).toContain(rule);
      expect(findings.some((finding) => excludes(exclusion, finding))).toBe(true);
      expect(exclusion.reason.length).toBeGreaterThan(20);
      // One without would be for every dashboard that is to come.
      expect(exclusion.entry.dashboard).toBeTruthy();
    },
  );
});

describe('the file of exceptions is read as the linter reads it', () => {
  const finding: Finding = { rule: 'a-rule', dashboard: 'D', panel: 'P', target: 1, message: '' };
  const read = (entries: string) => left([finding], exclusionsOf(`exclusions:\n  a-rule: ${entries}\n`));

  test.each([
    ['nothing behind the rule', '', []],
    ['a reason alone', '{reason: why}', []],
    ['no entries', '{entries: []}', []],
    ['the place', '{entries: [{dashboard: D, panel: P, targetidx: 1}]}', []],
    ['one of several', '{entries: [{dashboard: E}, {dashboard: D}]}', []],
    ['another dashboard', '{entries: [{dashboard: E}]}', [finding]],
    ['another panel', '{entries: [{dashboard: D, panel: Q}]}', [finding]],
    ['another target', '{entries: [{targetidx: "0"}]}', [finding]],
  ])('%s', (_, entries, expected) => {
    expect(read(entries)).toEqual(expected);
  });

  test('what it would pass over is refused', () => {
    expect(() => read('{entries: [{targetIdx: 1}]}')).toThrow(
      'an entry with targetIdx, which the linter does not read',
    );
  });
});

describe('each rule finds what it is there for', () => {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  const choice = (name: string, label: string): Template => ({
    ...{ name, label, type: 'query', query: { query: `label_values(up{a="b"}, ${name})` }, datasource },
    ...{ multi: true, allValue: '.+', refresh: 2, current: { value: '$__all' } },
  });
  const [source, job, instance]: Template[] = [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    choice('job', 'Job'),
    choice('instance', 'Instance'),
  ];
  const panel: Panel = {
    ...{ id: 1, title: 'P', description: 'what', type: 'timeseries', datasource },
    fieldConfig: { defaults: { unit: 's' } },
    targets: [{ expr: 'rate(a_total{job=~"$job",instance=~"$instance"}[$__rate_interval])' }],
  };
  const with_ = (templates: (Template | undefined)[], panels: object[] = [panel]) =>
    ({ title: 'D', templating: { list: templates }, panels }) as Dashboard;
  const good = [source, job, instance];
  const asking = (expr: string, more: Partial<Panel> = {}) => with_(good, [{ ...panel, targets: [{ expr }], ...more }]);

  const cases: readonly (readonly [string, Dashboard])[] = [
    ['template-datasource-rule', with_([{ ...source, name: 'prom' } as Template, job, instance], [])],
    ['template-datasource-rule', with_([{ ...source, label: 'Source' } as Template, job, instance], [])],
    ['template-datasource-rule', with_([], [])],
    ['template-job-rule', with_([source, instance])],
    ['template-job-rule', with_([source, { ...job, label: 'Target' } as Template, instance])],
    ['template-job-rule', with_([source, { ...job, datasource: { uid: 'fixed' } } as Template, instance])],
    ['template-instance-rule', with_([source, job])],
    ['template-instance-rule', with_([source, job, { ...instance, allValue: '.*' } as Template])],
    ['template-label-promql-rule', with_([...good, { ...choice('x', 'X'), query: 'label_values(up{, x)' }])],
    ['template-label-promql-rule', with_([...good, { ...choice('x', 'X'), query: 'values(up, x)' }])],
    ['template-on-time-change-reload-rule', with_([...good, { ...choice('x', 'X'), refresh: 1 }])],
    ['uneditable-dashboard', { ...with_(good), editable: true }],
    ['panel-datasource-rule', with_(good, [{ ...panel, datasource: { uid: 'prometheus' } }])],
    ['panel-title-description-rule', with_(good, [{ ...panel, description: '' }])],
    ['panel-title-description-rule', with_(good, [{ title: 'R', type: 'row', panels: [{ ...panel, title: '' }] }])],
    ['panel-units-rule', with_(good, [{ ...panel, fieldConfig: { defaults: { unit: 'seconds' } } }])],
    ['panel-units-rule', with_(good, [{ ...panel, type: 'stat', fieldConfig: undefined }])],
    ['panel-no-targets-rule', with_(good, [{ ...panel, targets: undefined }])],
    [
      'target-logql-rule',
      with_(good, [{ ...panel, targets: [{ datasource: { uid: 'l', type: 'loki' }, ...panel.targets?.[0] }] }]),
    ],
    ['target-promql-rule', asking('sum(')],
    ['target-promql-rule', asking('')],
    ['target-rate-interval-rule', asking('rate(a_total{job=~"$job",instance=~"$instance"}[5m])')],
    ['target-rate-interval-rule', asking('sum(irate(a_total{job=~"$job",instance=~"$instance"}[$__range] offset 1m))')],
    ['target-job-rule', asking('a{instance=~"$instance"}')],
    ['target-job-rule', asking('a{job="$job",instance=~"$instance"}', { type: 'heatmap' })],
    ['target-instance-rule', asking('a{job=~"$job",instance=~"$instance"} / b{job=~"$job"}')],
    ['target-counter-agg-rule', asking('sum(a_total)')],
    ['target-counter-agg-rule', asking('max_over_time(a_total[$__rate_interval])')],
  ];

  test.each(cases)('%s (%#)', (rule, dashboard) => {
    expect(lint(dashboard).map((finding) => finding.rule)).toContain(rule);
  });

  test('and nothing where nothing is', () => {
    expect(lint(with_(good))).toEqual([]);
    const mapped = { type: 'stat', fieldConfig: { defaults: { mappings: [] } } };
    const asked = 'a{job=~"$job",instance=~"$instance"}';
    expect(lint(asking(asked, mapped))).toEqual([]);
    expect(lint(asking(`increase(${asked}[1h])`))).toEqual([]);
    expect(lint(asking(`rate(${asked}[5m])`, { type: 'heatmap' }))).toEqual([]);
    expect(lint(asking(`max(${asked.replace('a{', 'a_total{')})`))).toEqual([]);
  });

  test('all of them', () => {
    expect([...new Set(cases.map(([rule]) => rule)), 'target-logql-auto-rule'].sort()).toEqual([...ruleNames].sort());
  });
});
