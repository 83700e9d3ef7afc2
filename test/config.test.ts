import { parseConfig } from '../model/config-file.ts';
import { mistakes, service } from './config-mistakes.ts';

describe('a config that says little', () => {
  test('gets the defaults', () => {
    expect(parseConfig('shop.yaml', `services: [${service}]`)).toMatchObject({
      namespace: 'loadscope',
      profile: 'default',
      retention: { time: '15d', size: '8GB' },
      containerMetrics: { source: 'kubelet' },
      metrics: { store: 'used', alsoKeep: [] },
      services: [{ metricsPath: '/actuator/prometheus', framework: 'micrometer' }],
      mysql: [],
    });
  });
});

test('a config says nothing of the output of a plain stack, and little of that for an operator', () => {
  const output = (text: string) => parseConfig('shop.yaml', text).output;
  const theirs = {
    prometheus: { namespace: 'monitoring', labels: { release: 'kube-prometheus-stack' } },
    grafana: { namespace: 'monitoring', dashboards: 'sidecar', instanceSelector: { dashboards: 'grafana' } },
  };
  expect(output('namespace: a')).toEqual({ mode: 'plain', ...theirs });
  expect(output('output: {mode: operator}')).toEqual({ mode: 'operator', ...theirs });
  expect(output('{demo: true, output: {mode: plain}}')).toEqual({ mode: 'plain', ...theirs });
});

describe('a mistake is reported with file, line, path and what is allowed', () => {
  test.each([
    ['empty', '', 'shop.yaml: is empty. Describe what is monitored; examples/minimal.yaml is a start.'],
    [
      'only comments',
      '# nothing\n',
      'shop.yaml: is empty. Describe what is monitored; examples/minimal.yaml is a start.',
    ],
    [
      'not YAML',
      'services: [\n',
      'shop.yaml:2:1: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a key twice', 'namespace: a\nnamespace: b\n', 'shop.yaml:2:1: not YAML: Map keys must be unique'],
    [
      'two documents',
      'namespace: a\n---\nnamespace: b\n',
      'shop.yaml:2:1: not YAML: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['no map', 'services\n', 'shop.yaml:1:1: must be a map of fields, not "services"'],
    [
      'wrong type',
      'services:\n  - name: a\n    namespace: shop\n    port: http\n',
      'shop.yaml:4:11: services[0].port: must be a port, a whole number from 1 to 65535, not "http"',
    ],
    [
      'port out of range',
      'services:\n  - {name: a, namespace: shop, port: 70000}\n',
      'shop.yaml:2:38: services[0].port: must be a port, a whole number from 1 to 65535, not 70000',
    ],
    ['a list expected', 'kafka: yes\n', 'shop.yaml:1:8: kafka: must be a list, not "yes"'],
    [
      'missing field',
      'services:\n  - name: a\n    port: 1\n',
      'shop.yaml:2:5: services[0].namespace: is required: text',
    ],
    [
      'bad DNS label',
      'namespace: Shop_1\n',
      'shop.yaml:1:12: namespace: must be a DNS label: lower-case letters, digits and "-", with a letter or digit at both ends, not "Shop_1"',
    ],
    [
      'unknown key',
      'retentoin: {}\n',
      expect.stringMatching(
        /^shop\.yaml:1:1: retentoin: unknown key; did you mean "retention"\? Allowed here: namespace, profile, /,
      ),
    ],
    [
      'unknown key in an entry',
      `services:\n  - ${service.replace('port', 'prot')}\n`,
      expect.stringMatching(/^shop\.yaml:2:\d+: services\[0\]\.prot: unknown key; did you mean "port"\?/),
    ],
    [
      'duplicate name',
      `services: [${service}, ${service}]\n`,
      'shop.yaml:1:59: services[1].name: "a" is already the name of entry 0 of this list (counted from 0); names must differ',
    ],
    [
      'too long a name',
      `redis: [{name: ${'a'.repeat(41)}, address: "h:1"}]\n`,
      `shop.yaml:1:16: redis[0].name: must have at most 40 characters, because the names of Kubernetes objects are made from it, not "${'a'.repeat(41)}"`,
    ],
    [
      'no port in an address',
      'redis: [{name: a, address: host}]\n',
      'shop.yaml:1:28: redis[0].address: must be host:port, for example mysql.shop.svc.cluster.local:3306, not "host"',
    ],
    [
      'bad port in an address',
      'redis: [{name: a, address: "host:99999"}]\n',
      'shop.yaml:1:28: redis[0].address: must end in a port from 1 to 65535',
    ],
    [
      'not one of',
      'containerMetrics: {source: docker}\n',
      'shop.yaml:1:28: containerMetrics.source: must be one of kubelet, cadvisor, not "docker"',
    ],
    [
      'no credentials',
      'mysql: [{name: a, address: "h:1"}]\n',
      expect.stringMatching(/^shop\.yaml:1:9: mysql\[0\]: needs either credentialsSecret .* or adminSecret/),
    ],
    [
      'both credentials',
      'mysql: [{name: a, address: "h:1", adminSecret: a, credentialsSecret: b}]\n',
      expect.stringMatching(/and not both$/),
    ],
    [
      'more retention than disk',
      'retention: {size: 10GB}\n',
      'shop.yaml:1:19: retention.size: must be less than storage.prometheus (10Gi), which holds the write-ahead log as well',
    ],
    [
      'a load test of nothing',
      'loadTests: [{name: x, scenario: browse, service: b, url: "http://b"}]\n',
      'shop.yaml:1:50: loadTests[0].service: "b" is not the name of any of services: the list is empty',
    ],
    [
      'a URL of another kind',
      `services: [${service}]\nloadTests: [{name: x, scenario: browse, service: a, url: "ftp://b"}]\n`,
      'shop.yaml:2:58: loadTests[0].url: must be an http or https URL, not "ftp://b"',
    ],
    [
      'a scenario left out',
      `services: [${service}]\nloadTests: [{name: x, service: a, url: "http://a.shop"}]\n`,
      expect.stringMatching(
        /^shop\.yaml:2:13: loadTests\[0\]\.scenario: is required: one of browse, .*database-heavy$/,
      ),
    ],
    [
      'a scenario that writes where that is not allowed',
      `services: [${service}]\nloadTests: [{name: x, scenario: order-creation, service: a, url: "http://a.shop", users: {secret: s, name: "u{n}", count: 9}}]\n`,
      'shop.yaml:2:13: loadTests[0].allowWrites: must be true: order-creation writes to the service, which a load test has to allow',
    ],
    [
      'a scenario whose users log in, without users',
      `services: [${service}]\nloadTests: [{name: x, scenario: order-creation, allowWrites: true, service: a, url: "http://a.shop"}]\n`,
      'shop.yaml:2:13: loadTests[0].users: is required: virtual users of order-creation log in',
    ],
    [
      'a parameter that the scenario has not',
      `services: [${service}]\nloadTests: [{name: x, scenario: browse, service: a, url: "http://a.shop", parameters: {pages: 3}}]\n`,
      'shop.yaml:2:95: loadTests[0].parameters.pages: is no parameter of browse; it has: thinkMs',
    ],
    [
      'load on a namespace of somebody else',
      `services: [${service}]\nloadTests: [{name: x, scenario: browse, service: a, url: "http://a.bank.svc"}]\n`,
      'shop.yaml:2:58: loadTests[0].url: leads to namespace bank, where no service of the config is: if load may go there, name it in allowedTargets.namespaces',
    ],
    [
      'load on a host of somebody else',
      `services: [${service}]\nloadTests: [{name: x, scenario: browse, service: a, url: "https://www.example.com"}]\n`,
      'shop.yaml:2:58: loadTests[0].url: must lead to a service of the cluster or to one of allowedTargets.hosts, and www.example.com is neither',
    ],
    [
      'a suite of what there is not',
      `services: [${service}]\nsuites: [{name: s, loadTests: [x]}]\n`,
      'shop.yaml:2:32: suites[0].loadTests[0]: "x" is not the name of any of loadTests and kafkaBots: the list is empty',
    ],
    [
      'a schedule of what there is not',
      'schedules: [{name: s, cron: "0 2 * * *", suite: y}]\n',
      'shop.yaml:1:49: schedules[0].suite: "y" is not the name of any of suites: the list is empty',
    ],
    [
      'a schedule of nothing',
      'schedules: [{name: s, cron: "0 2 * * *"}]\n',
      'shop.yaml:1:13: schedules[0]: needs either loadTest or suite, and not both',
    ],
    [
      'a schedule at no hour of the day',
      'schedules: [{name: s, cron: "0 2,24 * * *", suite: y}]\n',
      'shop.yaml:1:29: schedules[0].cron: must have an hour from 0 to 23, for example "8-18", not "2,24"',
    ],
    [
      'a schedule at what is no number',
      'schedules: [{name: s, cron: "1.5 2 * * *", suite: y}]\n',
      'shop.yaml:1:29: schedules[0].cron: must have a minute from 0 to 59, for example "*/15", not "1.5"',
    ],
    [
      'a schedule on a day that weeks of Kubernetes have not',
      'schedules: [{name: s, cron: "*/5 8-18/2 1,? JAN-jun 1-7", suite: y}]\n',
      'shop.yaml:1:29: schedules[0].cron: must have a weekday from 0 to 6, or sun to sat, for example "mon-fri", not "1-7"',
    ],
    [
      'a schedule in the time of nowhere',
      'schedules: [{name: s, cron: "0 2 * * *", timeZone: Europe/Berln, suite: y}]\n',
      'shop.yaml:1:52: schedules[0].timeZone: must be the name of a time zone, for example Europe/Berlin, not "Europe/Berln"',
    ],
    [
      'an alias without its anchor',
      'services: *shop\n',
      'shop.yaml: not YAML: Unresolved alias (the anchor must be set before the alias): shop',
    ],
    [
      'an interval that no series outlives',
      'scrapeInterval: 5m\n',
      'shop.yaml:1:17: scrapeInterval: must be from 1s to 120s, in whole seconds, not "5m"',
    ],
    [
      'a service whose pods could not be told',
      `services: [{name: ${'a'.repeat(47)}, namespace: shop, port: 1}]\n`,
      expect.stringMatching(/^shop\.yaml:1:19: services\[0\]\.name: must have at most 46 characters/),
    ],
    [
      'two services of the same pods',
      'services:\n  - {name: a, namespace: n, port: 1, selector: {app: x}}\n  - {name: b, namespace: n, port: 2, selector: {app: x}}\n',
      'shop.yaml:3:48: services[1].selector: selects the same pods as services[0]; a pod belongs to one service',
    ],
    [
      'another choice of what is stored',
      'metrics: {store: none}\n',
      'shop.yaml:1:18: metrics.store: must be one of used, all, not "none"',
    ],
    [
      'an unknown key of what is stored',
      'metrics: {keep: [a]}\n',
      'shop.yaml:1:11: metrics.keep: unknown key; did you mean "store"? Allowed here: store, alsoKeep',
    ],
    [
      'one name to keep in the place of a list',
      'metrics: {alsoKeep: jvm_.*}\n',
      'shop.yaml:1:21: metrics.alsoKeep: must be a list, not "jvm_.*"',
    ],
    [
      'a name to keep that does not parse',
      'metrics: {alsoKeep: ["jvm_(gc"]}\n',
      'shop.yaml:1:22: metrics.alsoKeep[0]: must be a regular expression that Prometheus takes (RE2: no looking around, no back references)',
    ],
    [
      'one that only JavaScript takes',
      'metrics: {alsoKeep: [jvm_.*, "(?!go_).*"]}\n',
      expect.stringMatching(
        /^shop\.yaml:1:30: metrics\.alsoKeep\[1\]: must be a regular expression that Prometheus takes/,
      ),
    ],
    [
      'one that is no name',
      'metrics: {alsoKeep: [""]}\n',
      'shop.yaml:1:22: metrics.alsoKeep[0]: must be a regular expression of the names of metrics, for example jvm_.*, not ""',
    ],
    [
      'a demo that is neither on nor off',
      'demo: yes please\n',
      'shop.yaml:1:7: demo: must be true, false or a map of fields, not "yes please"',
    ],
    [
      'an unknown key of the demo',
      'demo: {sed: {}}\n',
      'shop.yaml:1:8: demo.sed: unknown key; did you mean "seed"? Allowed here: autoscaling, seed',
    ],
    [
      'more of something than the demo takes',
      'demo: {seed: {users: 100001}}\n',
      'shop.yaml:1:22: demo.seed.users: must be at most 100000, not 100001',
    ],
    [
      'autoscaling to one',
      'demo: {autoscaling: {maxReplicas: 1}}\n',
      'shop.yaml:1:35: demo.autoscaling.maxReplicas: must be at least 2, not 1',
    ],
    ...[
      ['services', '{name: blog-service, namespace: shop, port: 1}'],
      ['mysql', '{name: demo-mysql, address: "h:1", adminSecret: a}'],
      ['redis', '{name: demo-redis, address: "h:1"}'],
      ['kafka', '{name: demo-kafka, brokers: ["h:1"]}'],
      ['loadTests', '{name: demo-browse, scenario: browse, service: api-gateway, url: "http://a"}'],
    ].map(([list = '', entry = '']): [string, string, string] => {
      const [, name] = /name: ([a-z-]+)/.exec(entry) ?? [];
      return [
        `a name of the demo's own in ${list}`,
        `demo: true\n${list}:\n  - ${entry}\n`,
        `shop.yaml:3:12: ${list}[0].name: "${name}" is the name of the demo's own entry of this list; names must differ`,
      ];
    }),
    [
      'output without its mode',
      'output: {prometheus: {namespace: a}}\n',
      'shop.yaml:1:9: output.mode: is required: one of plain, operator',
    ],
    [
      'load tests that push nowhere',
      `services: [${service}]\noutput: {mode: operator}\nloadTests: [{name: x, scenario: browse, service: a, url: "http://a.shop"}]\n`,
      expect.stringMatching(
        /^shop\.yaml:2:9: output\.prometheus\.remoteWriteUrl: is required in operator mode with load tests: .*api\/v1\/write$/,
      ),
    ],
    [
      'a demo that pushes nowhere',
      'output: {mode: operator}\ndemo: true\n',
      expect.stringMatching(/^shop\.yaml:1:9: output\.prometheus\.remoteWriteUrl: is required in operator mode/),
    ],
    [
      'a receiver without its path',
      'output: {mode: operator, prometheus: {remoteWriteUrl: "http://prometheus:9090"}}\n',
      expect.stringMatching(
        /^shop\.yaml:1:55: output\.prometheus\.remoteWriteUrl: must be the whole address of the receiver, .*, not "http:\/\/prometheus:9090"$/,
      ),
    ],
    [
      'a password in an address',
      'output: {mode: operator, prometheus: {remoteWriteUrl: "https://u:p@h/api/v1/write"}}\n',
      expect.stringMatching(
        /: output\.prometheus\.remoteWriteUrl: holds a user or a password, which would be in a manifest$/,
      ),
    ],
    [
      'a Prometheus in the namespace that the stack closes',
      'namespace: monitoring\noutput: {mode: operator, prometheus: {namespace: monitoring}, grafana: {namespace: g}}\n',
      'shop.yaml:2:50: output.prometheus.namespace: must be another than namespace (monitoring), which the stack closes to what it did not make',
    ],
    [
      'no label to be found by',
      'output: {mode: operator, prometheus: {labels: {}}}\n',
      'shop.yaml:1:47: output.prometheus.labels: must name at least one label',
    ],
    [
      'a floating tag',
      'images: {overrides: {k6: "grafana/k6:latest"}}\n',
      'shop.yaml:1:26: images.overrides.k6: must be pinned to a version, not to latest',
    ],
    [
      'an image that there is not',
      'images: {overrides: {k7: "grafana/k6:1"}}\n',
      expect.stringMatching(/^shop\.yaml:1:22: images\.overrides\.k7: unknown key; did you mean "k6"\?/),
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text)).toContainEqual(expected);
  });

  test('and all of them at once, in the order of the file', () => {
    expect(
      mistakes('namespace: A\nprofile: huge\nredis: [{name: B, address: x}]\nmysql: 3\n').map(
        (line) => line.split(': ')[1],
      ),
    ).toEqual(['namespace', 'profile', 'redis[0].name', 'redis[0].address', 'mysql']);
  });
});
