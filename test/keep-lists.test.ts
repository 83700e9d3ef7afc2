import { parse, stringify } from 'yaml';
import { expressionsOf } from '../contract/dashboard.ts';
import { rulesOf } from '../contract/rules.ts';
import { faults } from '../demo/faults.ts';
import { hasKeepLists } from '../e2e/lib/keep-lists.ts';
import { targets } from '../exporters/index.ts';
import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Target } from '../model/target.ts';
import { askedOfRuns } from '../synth/asked-of-runs.ts';
import { asks, droppedReads } from '../synth/dropped-reads.ts';
import { readsOfStack, withKeepLists } from '../synth/keep-lists.ts';
import { writtenJobs } from '../synth/written-jobs.ts';
import { writtenQueries } from '../synth/written-queries.ts';
import { captured } from './captured.ts';
import { configOf, demoConfig, fullConfig } from './config-fixture.ts';
import { find, type Manifest, manifestsOf } from './stack-fixture.ts';
import { seriesOfJob, stored } from './stored.ts';

/** What of the captured metrics is stored, by the relabeling that is written. */

const storedBy = (config: unknown) => stored(writtenJobs(manifestsOf(config)));

/** Every text in which a stack asks for something, whether Prometheus, Grafana or a test does. */
function questions(config: Config, manifests: Manifest[]): string[] {
  const { dashboards, rules } = writtenQueries(manifests);
  return [
    ...dashboards.flatMap(expressionsOf).map(({ text }) => text),
    ...rulesOf(rules).map(({ expression }) => expression.text),
    ...targets(config).flatMap(({ health }) => health ?? []),
    ...askedOfRuns(config, targets(config)).map(({ text }) => text),
    ...(config.demo ? faults.map(({ evidence }) => evidence.query) : []),
  ];
}

describe.each([
  ['a shop', fullConfig],
  ['the demo', demoConfig],
])('of %s', (_, fields) => {
  const config = configOf(fields);
  const manifests = manifestsOf(fields);
  const asked = questions(config, manifests);
  const kept = stored(writtenJobs(manifests));

  test.each(targets(config).filter(({ scrape }) => scrape))(
    '$name: what is asked for is stored, and no more',
    (target) => {
      const { name: job } = target;
      const names = [...(captured.get(job)?.keys() ?? [])];
      const declared = seriesOfJob(target);
      expect(kept.get(job)).toEqual(
        names.filter((name) => declared.includes(name) && asked.some((text) => asks(text, name, job))),
      );
    },
  );

  test('at most 35 % of the names that are exposed are stored', () => {
    const jobs = [...kept.keys()];
    const count = (lists: (readonly string[])[]) => lists.flat().length;
    const exposed = count(jobs.map((job) => [...(captured.get(job)?.keys() ?? [])]));
    expect(exposed).toBeGreaterThan(1500);
    expect(count(jobs.map((job) => kept.get(job) ?? [])) / exposed).toBeLessThanOrEqual(0.35);
  });
});

describe('what a fault of the demo is known by is stored where the demo is, though no panel shows it:', () => {
  /** What is read of the demo's targets where nothing draws them or alerts. */
  const reads = (fields: object) =>
    readsOfStack(
      configOf(fields),
      targets(configOf({ demo: true })).map(({ name, title, metrics }) => ({ name, title, metrics })),
    );
  const read = [...reads({ demo: true }).values()].flatMap((names) => [...names]);

  test.each(faults.map(({ name, evidence }) => [name, evidence.query]))('%s', (_, query) => {
    const names = [...query.matchAll(/([a-z_]+)\{/g)].map(([, name]) => name);
    expect(names).not.toEqual([]);
    expect(read).toEqual(expect.arrayContaining(names));
  });

  test('and nowhere else', () => {
    expect([...reads({}).values()].flatMap((names) => [...names])).toEqual([]);
  });
});

describe('the switch', () => {
  test('off stores what the steps of the targets themselves let through', () => {
    const jobs = writtenJobs(manifestsOf({ ...demoConfig, metrics: { store: 'all' } }));
    expect(jobs).toEqual(
      targets(configOf(demoConfig)).flatMap(({ name: job, scrape }) =>
        scrape ? [{ job, metricRelabel: scrape.metricRelabel ?? [] }] : [],
      ),
    );
    expect(stored(jobs).get('mysql')).toHaveLength(captured.get('mysql')?.size ?? 0);
  });

  test('is seen by what captures, which needs everything', () => {
    const yaml = (store: string) =>
      find(manifestsOf({ ...fullConfig, metrics: { store } }), 'ConfigMap', 'prometheus-config').data['prometheus.yml'];
    expect(hasKeepLists(yaml('used'))).toBe(true);
    expect(hasKeepLists(yaml('all'))).toBe(false);
  });

  test('takes expressions of what to store beside, each of a whole name', () => {
    const more = storedBy({ ...fullConfig, metrics: { alsoKeep: ['go_.*|process_cpu', 'redis_commands_total'] } });
    const usual = storedBy(fullConfig);
    for (const [job, names] of usual) {
      const added = (more.get(job) ?? []).filter((name) => !names.includes(name));
      const wanted = [...(captured.get(job)?.keys() ?? [])].filter((name) =>
        /^(go_.*|redis_commands_total)$/.test(name),
      );
      expect({ job, added }).toEqual({ job, added: wanted.filter((name) => !names.includes(name)) });
    }
    expect(more.get('redis')?.length).toBeGreaterThan(usual.get('redis')?.length ?? 0);
  });
});

const answering = (name: string, metricRelabel?: Target['scrape']): Target => ({
  name,
  title: name,
  metrics: { up: gauge(`${name}_up`, ['job', 'instance'], ''), work: counter('work_total', ['job', 'instance'], '') },
  scrape: { discovery: { kind: 'static', address: { host: name, port: 1 }, instance: name }, ...metricRelabel },
});

describe('the step', () => {
  const stepsOf = (target: Target, metrics: object = {}) =>
    withKeepLists(configOf({ metrics }), [target])[0]?.scrape?.metricRelabel ?? [];
  const through = (target: Target, metrics?: object) =>
    stored([{ job: 'mysql', metricRelabel: stepsOf(target, metrics) }]).get('mysql');

  test('of a target that nothing is asked of drops everything, and leaves it scraped', () => {
    const [target] = withKeepLists(configOf({}), [answering('mysql')]);
    expect(target).toMatchObject({ name: 'mysql', scrape: { discovery: answering('mysql').scrape?.discovery } });
    expect(through(answering('mysql'))).toEqual([]);
    expect(through(answering('mysql'), { alsoKeep: ['mysql_up'] })).toEqual(['mysql_up']);
  });

  test('keeps the flags of one expression away from the next', () => {
    const [{ regex } = {}] = stepsOf(answering('mysql'), { alsoKeep: ['(?i)JVM_.*', 'go_.*'] });
    expect(regex).toBe('(?:(?i)JVM_.*)|(?:go_.*)');
  });

  test('stands behind those that rename', () => {
    const renamed = {
      source_labels: ['__name__'],
      regex: 'mysql_version_info',
      target_label: '__name__',
      replacement: 'mysql_up',
    };
    const target = { ...answering('mysql'), health: 'mysql_up' };
    expect(through({ ...target, scrape: { ...target.scrape, metricRelabel: [renamed] } as Target['scrape'] })).toEqual(
      expect.arrayContaining(['mysql_up', 'mysql_version_info']),
    );
  });

  test('is not there for a target that pushes', () => {
    const { scrape: _, ...pushing } = answering('k6');
    expect(withKeepLists(configOf({}), [pushing])).toEqual([pushing]);
  });
});

describe('for the Prometheus Operator', () => {
  const output = { mode: 'operator', prometheus: { remoteWriteUrl: 'http://prometheus.monitoring:9090/api/v1/write' } };
  const config = { ...demoConfig, output };
  const manifests = manifestsOf(config);

  test('the monitors store what the scrape jobs of a Prometheus of its own do', () => {
    const own = storedBy(demoConfig);
    const jobs = writtenJobs(manifests);
    expect(jobs.length).toBeGreaterThan(6);
    for (const [job, names] of stored(jobs)) expect({ job, names }).toEqual({ job, names: own.get(job) });
  });

  test('a monitor that drops what is read is named', () => {
    const copy = structuredClone(manifests);
    const [endpoint] = find(copy, 'ServiceMonitor', 'mysql').spec.endpoints;
    endpoint.metricRelabelings.unshift({ action: 'drop', sourceLabels: ['__name__'], regex: 'mysql_up' });
    const said = (all: Manifest[]) =>
      droppedReads(targets(configOf(config)), { jobs: writtenJobs(all), ...writtenQueries(all), questions: [] });
    expect(said(manifests)).toEqual([]);
    expect(said(copy)).toEqual([expect.stringContaining('scrape job "mysql" drops mysql_up, which is read by ')]);
  });
});

describe('a metric that is read and dropped', () => {
  const declared = targets(configOf(fullConfig));
  const manifests = manifestsOf(fullConfig);

  /** What is said of the stack after a change to its scrape jobs. */
  function said(change: (jobs: Manifest[]) => Manifest[]): string[] {
    const copy = structuredClone(manifests);
    const { data } = find(copy, 'ConfigMap', 'prometheus-config');
    const prometheus = parse(data['prometheus.yml']);
    data['prometheus.yml'] = stringify({ ...prometheus, scrape_configs: change(prometheus.scrape_configs) });
    return droppedReads(declared, { jobs: writtenJobs(copy), ...writtenQueries(copy), questions: [] });
  }
  const withSteps = (job: string, change: (steps: Manifest[]) => Manifest[]) =>
    said((jobs) =>
      jobs.map((one) =>
        one.job_name === job ? { ...one, metric_relabel_configs: change(one.metric_relabel_configs) } : one,
      ),
    );
  const without = (name: string) => (steps: Manifest[]) =>
    steps.map((step) => ({
      ...step,
      regex: step.regex
        .split('|')
        .filter((one: string) => one !== name)
        .join('|'),
    }));

  test('is named with its job and who reads it', () => {
    expect(said((jobs) => jobs)).toEqual([]);
    expect(withSteps('mysql', without('mysql_up'))).toEqual([
      expect.stringMatching(
        /^scrape job "mysql" drops mysql_up, which is read by (dashboard|rule group) ".+"\. Query: .*mysql_up/,
      ),
    ]);
    expect(withSteps('redis', () => [{ source_labels: ['__name__'], regex: 'redis_up', action: 'drop' }])).toEqual([
      expect.stringContaining('scrape job "redis" drops redis_up, '),
    ]);
  });

  test('is found where a step lacks its source, or a job is not there', () => {
    expect(said((jobs) => jobs.filter(({ job_name }) => job_name !== 'kafka'))).toEqual([
      'no scrape job "kafka" is written, so that nothing of its target is stored',
    ]);
    expect(withSteps('mysql', (steps) => steps.map((step) => ({ ...step, regex: `x${step.regex}` })))).not.toEqual([]);
  });

  test('is not one that nobody reads', () => {
    const drop = { source_labels: ['__name__'], regex: 'shop_up', action: 'drop' } as const;
    const jobs = [{ job: 'shop', metricRelabel: [drop] }];
    const rules = (expr: string) => ({ groups: [{ name: 'shop', rules: [{ alert: 'Down', expr }] }] });
    const of = (expr: string) =>
      droppedReads([answering('shop')], { jobs, dashboards: [], rules: rules(expr), questions: [] });
    expect(of('rate(work_total[1m]) == 0')).toEqual([]);
    expect(of('shop_up == 0')).toEqual([
      'scrape job "shop" drops shop_up, which is read by rule group "shop", alert "Down". Query: shop_up == 0',
    ]);
  });

  test.each([
    ['sum(rate(work_total[1m])) / 2', true],
    ['my_work_total + work_totals + a:work_total', false],
    ['work_total {uri="/api/{id}", job="cache"}', false],
    ['work_total{uri="/api/{id}",job="shop"}', true],
    ['work_total{job="cache"} or work_total{ job =~ "sh.+|x" }', true],
    ['work_total{job!="shop"}', false],
    ['work_total{job!~"cache|mysql"}', true],
    ['work_total{job=~"$job"}', true],
    ['label_values(work_total{other_job="cache"}, job)', true],
    ['up{job="shop"}', false],
  ])('%s asks shop for work_total: %s', (text, expected) => {
    expect(asks(text, 'work_total', 'shop')).toBe(expected);
  });
});
