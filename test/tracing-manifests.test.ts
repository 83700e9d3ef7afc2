import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connects, pod } from './policies.ts';
import { find, manifestsOf } from './stack-fixture.ts';
import { env, external, own, policies, scale, secretFiles, urls, wanted, zipkin } from './tracing-fixture.ts';

/** Zipkin: what it is told of its storage, the stack's own or somebody else's, and who reaches it. */

describe('Zipkin', () => {
  test('asks its storage by TLS with a certificate that it can check, and a password that is in no variable', () => {
    const variables = env(zipkin(own));
    expect(variables).toMatchObject({
      STORAGE_TYPE: 'elasticsearch',
      ES_HOSTS: 'https://elasticsearch:9200',
      ES_CREDENTIALS_FILE: '/credentials/credentials.properties',
    });
    expect(variables.JAVA_OPTS).toContain('-Djavax.net.ssl.trustStore=/truststore/truststore.jks ');
    // Of the Secret with the server's key, no more than that.
    expect(secretFiles(zipkin(own))).toEqual([['/truststore/truststore.jks', 'elasticsearch-tls', 'truststore.jks']]);
    expect(JSON.stringify(variables)).not.toContain('zipkin-storage');
    const { volumes } = zipkin(own).template.spec;
    expect(volumes).toContainEqual({ name: 'credentials', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } });
  });

  test('is given the password as Java reads it, whatever is in it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
    try {
      const [{ command }] = zipkin(own).template.spec.initContainers;
      const [USERNAME, PASSWORD] = ['some one', ' a=b:c\\d#e!é\u{1f512}\n'];
      const FILE = join(folder, 'credentials.properties');
      expect(spawnSync(process.execPath, command.slice(1), { env: { FILE, USERNAME, PASSWORD } }).status).toBe(0);
      const lines = readFileSync(FILE, 'latin1').trimEnd().split('\n');
      const read = lines.map((line) =>
        line.replaceAll(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
      );
      // Nothing but ASCII letters, digits and what means a character: no other reading of it.
      for (const line of lines) expect(line).toMatch(/^zipkin\.storage\.elasticsearch\.\w+=(\\u[0-9a-f]{4})+$/);
      expect(read).toEqual([
        `zipkin.storage.elasticsearch.username=${USERNAME}`,
        `zipkin.storage.elasticsearch.password=${PASSWORD}`,
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is told what the config says of indices, sampling and throttling', () => {
    const tracing = { index: 'spans', shards: 3, templatePriority: 0, collectorSampling: 0.25, throttle: false };
    const variables = env(zipkin(manifestsOf({ tracing })));
    expect(variables).toMatchObject({
      ES_INDEX: 'spans',
      ES_INDEX_SHARDS: '3',
      ES_TEMPLATE_PRIORITY: '0',
      COLLECTOR_SAMPLE_RATE: '0.25',
    });
    expect(Object.keys(variables).filter((name) => name.includes('THROTTLE'))).toEqual([]);
    expect(env(zipkin(own))).not.toHaveProperty('ES_TEMPLATE_PRIORITY');
    expect(env(zipkin(own)).STORAGE_THROTTLE_ENABLED).toBe('true');
  });

  test.each([
    ['default', own],
    ['scale', scale],
  ])('holds no more messages that wait than fit into half of its heap (%s)', (_, manifests) => {
    const { STORAGE_THROTTLE_MAX_QUEUE_SIZE, STORAGE_THROTTLE_MAX_CONCURRENCY, JAVA_OPTS } = env(zipkin(manifests));
    const mebibytes = (Number(STORAGE_THROTTLE_MAX_QUEUE_SIZE) + Number(STORAGE_THROTTLE_MAX_CONCURRENCY)) / 2;
    expect(mebibytes).toBeLessThan(Number(/-Xmx(\d+)m/.exec(JAVA_OPTS)?.[1]) / 2);
  });
});

describe('with an Elasticsearch of somebody else', () => {
  test('there is none of the stack, and nothing is made for it', () => {
    const names = external.map(({ metadata }) => metadata.name);
    expect(names.filter((name) => /^elasticsearch/.test(name) && !/exporter/.test(name))).toEqual([]);
    expect(wanted(external)).toEqual(['grafana-admin']);
  });

  test('Zipkin asks all of its addresses, as the user and with the authority that are given', () => {
    expect(env(zipkin(external))).toMatchObject({ ES_HOSTS: urls.join(','), ES_INDEX_SHARDS: '3' });
    expect(env(zipkin(external), 'initContainers')).toMatchObject({
      USERNAME: { name: 'es-writer', key: 'username' },
      PASSWORD: { name: 'es-writer', key: 'password' },
    });
    expect(secretFiles(zipkin(external))).toEqual([['/truststore/truststore.jks', 'es-ca', 'truststore.jks']]);
  });

  test('that has no password and a public certificate, it asks as any browser would', () => {
    const spec = zipkin(manifestsOf({ tracing: { elasticsearch: { urls } } }));
    expect(env(spec)).not.toHaveProperty('ES_CREDENTIALS_FILE');
    expect(env(spec).JAVA_OPTS).not.toContain('trustStore');
    expect(spec.template.spec.initContainers).toBeUndefined();
  });

  test('Zipkin reaches it, and no Elasticsearch of the stack', () => {
    expect(connects(policies(external), pod('zipkin'), pod('any', 'data'), 9243)).toBe(true);
    expect(connects(policies(external), pod('zipkin'), pod('elasticsearch'), 9200)).toBe(false);
    expect(find(external, 'NetworkPolicy', 'zipkin').spec.egress).toContainEqual({
      ports: [{ port: 443, protocol: 'TCP' }],
    });
  });
});

describe('an Ingress', () => {
  const ingress = {
    host: 'traces.example.com',
    className: 'nginx',
    tlsSecret: 'traces-tls',
    controllerNamespace: 'edge',
  };
  const manifests = manifestsOf({ tracing: { ingress } });

  test('leads to Zipkin, with the certificate that is given', () => {
    const { spec } = find(manifests, 'Ingress', 'zipkin');
    expect(spec.ingressClassName).toBe('nginx');
    expect(spec.tls).toEqual([{ hosts: ['traces.example.com'], secretName: 'traces-tls' }]);
    const [{ host, http }] = spec.rules;
    expect(host).toBe('traces.example.com');
    expect(http.paths).toEqual([
      { path: '/', pathType: 'Prefix', backend: { service: { name: 'zipkin', port: { name: 'http' } } } },
    ]);
    const { ports } = find(manifests, 'Service', 'zipkin').spec;
    expect(ports).toContainEqual(expect.objectContaining({ name: 'http', port: 9411 }));
  });

  test('lets its controller in, which has no way where there is no Ingress', () => {
    const controller = pod('controller', 'edge');
    expect(connects(policies(manifests), controller, pod('zipkin'), 9411)).toBe(true);
    expect(connects(policies(manifests), controller, pod('elasticsearch'), 9200)).toBe(false);
    expect(connects(policies(own), controller, pod('zipkin'), 9411)).toBe(false);
    expect(own.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });
});
