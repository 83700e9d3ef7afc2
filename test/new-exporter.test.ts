import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { configOf } from './config-fixture.ts';
import { memcached } from './memcached.ts';
import { find, type Manifest } from './stack-fixture.ts';

/** Adding an exporter is a file and its place in the list: a copy of the project gets one, and all else follows. */

const root = join(import.meta.dirname, '..');
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'loadscope-'));
  for (const folder of [
    'bots',
    'charts',
    'clients',
    'contract',
    'dashboards',
    'demo',
    'exporters',
    'k6-jobs',
    'model',
    'rules',
    'runs',
    'synth',
    'verdict',
  ])
    cpSync(join(root, folder), join(project, folder), { recursive: true });
  for (const file of ['main.ts', 'package.json', 'tsconfig.json']) cpSync(join(root, file), join(project, file));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));

  writeFileSync(join(project, 'shop.yaml'), 'services: [{ name: shop, namespace: shop, port: 8080 }]\n');
  const list = join(project, 'exporters/index.ts');
  writeFileSync(
    list,
    `import { memcached } from './memcached.ts';\n${readFileSync(list, 'utf8').replace('  redis,\n', '  redis,\n  memcached,\n')}`,
  );
});
afterAll(() => rmSync(project, { recursive: true }));

/** A synth with the exporter as it is after a change to its text. */
function synth(change: (text: string) => string = (text) => text) {
  writeFileSync(join(project, 'exporters/memcached.ts'), change(readFileSync(join(root, 'test/memcached.ts'), 'utf8')));
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', 'tsx/cjs', '--eval', "require('./main.ts')", '--', '--config', 'shop.yaml'],
    { cwd: project, encoding: 'utf8' },
  );
  return { status, stderr };
}

const written = (): Manifest[] =>
  readdirSync(join(project, 'dist')).flatMap((file) =>
    parseAllDocuments(readFileSync(join(project, 'dist', file), 'utf8')).map((document) => document.toJS()),
  );

const { name, alerts, panels } = memcached(configOf({}));

test('its workload, scrape job, policies, panel and alert follow from the one file', () => {
  expect(synth()).toEqual({ status: 0, stderr: expect.stringContaining('files') });
  const manifests = written();
  const [{ ports }] = find(manifests, 'Deployment', 'memcached-exporter').spec.template.spec.containers;
  expect(ports).toEqual([expect.objectContaining({ containerPort: 9150 })]);
  expect(find(manifests, 'NetworkPolicy', 'memcached-exporter').spec.egress).toContainEqual(
    expect.objectContaining({ to: [expect.objectContaining({ namespaceSelector: expect.anything() })] }),
  );
  const { data } = find(manifests, 'ConfigMap', 'prometheus-config');
  expect(parse(data['prometheus.yml']).scrape_configs).toContainEqual(
    expect.objectContaining({
      job_name: name,
      static_configs: [{ targets: ['memcached-exporter:9150'], labels: { instance: 'sessions' } }],
    }),
  );
  expect(parse(data['rules.yml']).groups).toContainEqual({
    name,
    rules: alerts?.map(({ alert, expr }) => expect.objectContaining({ alert, expr })),
  });
  const dashboard = JSON.parse(
    find(manifests, 'ConfigMap', 'dashboard-load-test-overview').data['load-test-overview.json'],
  );
  expect(dashboard.panels.map(({ title }: Manifest) => title)).toContain(panels?.[0]?.title);
});

describe('its keep list', () => {
  const panel = "sum(rate(metrics.commands), 'instance')";
  const declaring = (text: string) =>
    text.replace(
      '  commands:',
      "  evictions: counter('memcached_evictions_total', labels, 'Items that made room.'),\n$&",
    );
  const kept = () => {
    const { data } = find(written(), 'ConfigMap', 'prometheus-config');
    const job = parse(data['prometheus.yml']).scrape_configs.find(({ job_name }: Manifest) => job_name === name);
    return job.metric_relabel_configs.at(-1).regex.split('|');
  };

  test('has what is read of it, and takes up what a new query reads', () => {
    expect(synth(declaring).status).toBe(0);
    expect(kept()).toEqual(['memcached_commands_total', 'memcached_up']);
    expect(
      synth((text) =>
        declaring(text).replace(panel, `\`\${${panel}} + \${${panel.replace('commands', 'evictions')}}\``),
      ).status,
    ).toBe(0);
    expect(kept()).toEqual(['memcached_commands_total', 'memcached_evictions_total', 'memcached_up']);
  });

  test('cannot bring back what a step of its own drops, which fails the synth', () => {
    const drop = "metricRelabel: [{ source_labels: ['__name__'], regex: '.*_total', action: 'drop' }]";
    const { status, stderr } = synth((text) =>
      text.replace("scrape: { discovery: { kind: 'exporters' }", `$&, ${drop}`),
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^scrape job "memcached" drops memcached_commands_total, which is read by dashboard ".+", panel "Memcached: commands", query A\. Query: sum by/,
      ),
    });
  });
});

test.each([
  [
    'a metric that it does not declare',
    "sum(rate(metrics.commands), 'instance')",
    "'sum by (instance) (rate(memcached_comands_total[$__rate_interval]))'",
    'no metric "memcached_comands_total"; did you mean "memcached_commands_total"?',
  ],
  [
    'a label that it does not declare',
    "legend: '{{instance}}'",
    "legend: '{{instnce}}'",
    'what it shows has no label "instnce"; did you mean "instance"? It has: instance.',
  ],
])('a panel with %s fails the synth, which names it and writes nothing', (_, right, wrong, message) => {
  rmSync(join(project, 'dist'), { recursive: true, force: true });
  const { status, stderr } = synth((text) => text.replace(right, wrong));
  expect(status).toBe(1);
  expect(stderr).toContain(
    `dashboard "Load test overview", panel "Memcached: commands", query A: ${message} Query: sum by (instance) (rate(memcached_com`,
  );
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(readdirSync(project)).not.toContain('dist');
});

test('an alert on what it does not declare fails it, too', () => {
  const { status, stderr } = synth((text) => text.replace('select(metrics.up)', "'memcache_up'"));
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining(
      'rule group "memcached", alert "MemcachedDown": no metric "memcache_up"; did you mean "memcached_up"?',
    ),
  });
});
