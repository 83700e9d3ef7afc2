import { App, Testing } from 'cdk8s';
import { TraceStorageChart } from '../../charts/trace-storage.ts';
import { configOf } from '../config-fixture.ts';
import { find, type Manifest } from '../stack-fixture.ts';

/** What runs beside Zipkin, and where it may go. */

const manifestsWith = (tracing: object): Manifest[] =>
  Testing.synth(new TraceStorageChart(new App(), 'trace-storage', { config: configOf({ tracing }), targets: [] }));

const cronJobs = (manifests: readonly Manifest[]): string[] =>
  manifests.filter(({ kind }) => kind === 'CronJob').map(({ metadata }) => metadata.name);
const podOf = (manifests: readonly Manifest[], name: string) =>
  find(manifests, 'CronJob', name).spec.jobTemplate.spec.template;
const containerOf = (manifests: readonly Manifest[], name: string) => podOf(manifests, name).spec.containers[0];

const external = {
  elasticsearch: {
    urls: ['https://es-1.example.com:9243', 'https://es.data.svc:9200'],
    credentialsSecret: 'es-user',
    caSecret: 'es-ca',
  },
};

test.each([
  ['links', ['trace-retention', 'trace-links', 'trace-links-yesterday']],
  ['spark', ['trace-retention', 'trace-links', 'trace-links-yesterday']],
  ['none', ['trace-retention']],
])('with dependencies by %s, %j run by the clock of UTC, one at a time', (dependencies, names) => {
  const manifests = manifestsWith({ dependencies });
  expect(cronJobs(manifests)).toEqual(names);
  for (const name of names) {
    const { spec } = find(manifests, 'CronJob', name);
    expect(spec).toMatchObject({ timeZone: 'Etc/UTC', concurrencyPolicy: 'Forbid' });
    // One policy for both days.
    find(manifests, 'NetworkPolicy', spec.jobTemplate.spec.template.metadata.labels['app.kubernetes.io/name']);
  }
});

test('retention is told the days, the index and who it is', () => {
  const { env, command } = containerOf(
    manifestsWith({ retentionDays: 3, index: 'prod', ...external }),
    'trace-retention',
  );
  expect(command.at(-1)).toBe('retention');
  expect(env).toEqual(
    expect.arrayContaining([
      { name: 'ELASTICSEARCH_URLS', value: external.elasticsearch.urls.join(',') },
      { name: 'INDEX', value: 'prod' },
      { name: 'RETENTION_DAYS', value: '3' },
      { name: 'ELASTICSEARCH_PASSWORD', valueFrom: { secretKeyRef: { name: 'es-user', key: 'password' } } },
    ]),
  );
});

test('yesterday is gone through after midnight', () => {
  const manifests = manifestsWith({});
  expect(find(manifests, 'CronJob', 'trace-links-yesterday').spec.schedule).toMatch(/^\d+ 0 \* \* \*$/);
  expect(containerOf(manifests, 'trace-links-yesterday').command.slice(-2)).toEqual(['links', 'yesterday']);
  expect(containerOf(manifests, 'trace-links').command.slice(-2)).toEqual(['links', 'today']);
});

test.each(['trace-retention', 'trace-links'])('%s reaches the storage, and nothing else', (name) => {
  const { spec } = find(manifestsWith({}), 'NetworkPolicy', name);
  expect(spec.ingress).toBeUndefined();
  expect(spec.egress).toEqual([
    {
      to: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': 'elasticsearch' }) } }],
      ports: [{ port: 9200, protocol: 'TCP' }],
    },
  ]);
  expect(find(manifestsWith(external), 'NetworkPolicy', name).spec.egress).toEqual([
    { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } } }] },
    { ports: [{ port: 9243, protocol: 'TCP' }] },
  ]);
});

describe('the Spark job', () => {
  const manifests = manifestsWith({ dependencies: 'spark', ...external });

  test('is told the same in its own words', () => {
    const { image, env } = containerOf(manifests, 'trace-links');
    expect(image).toContain('zipkin-dependencies');
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'STORAGE_TYPE', value: 'elasticsearch' },
        { name: 'ES_HOSTS', value: external.elasticsearch.urls.join(',') },
        { name: 'ES_NODES_WAN_ONLY', value: 'true' },
        { name: 'ES_PASSWORD', valueFrom: { secretKeyRef: { name: 'es-user', key: 'password' } } },
        { name: 'JAVA_OPTS', value: expect.stringContaining('trustStore=/truststore/truststore.jks') },
      ]),
    );
  });

  test('sees the authority, and not the key of the server', () => {
    const { volumes } = podOf(manifests, 'trace-links').spec;
    expect(volumes).toContainEqual({
      name: 'truststore',
      secret: { secretName: 'es-ca', items: [{ key: 'truststore.jks', path: 'truststore.jks' }] },
    });
  });

  test('goes through today unless told otherwise', () => {
    expect(containerOf(manifests, 'trace-links').command).toBeUndefined();
    expect(containerOf(manifests, 'trace-links-yesterday').command.at(-1)).toContain('exec start-zipkin-dependencies');
  });
});
