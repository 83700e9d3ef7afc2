import { parse } from 'yaml';
import { alertingConfig, inhibited, routed } from './alerting-fixture.ts';
import { inhibits, routeOf } from './alertmanager-tree.ts';
import { rulesOf } from './boards.ts';
import { demoConfig, fullConfig } from './config-fixture.ts';
import { connects, pod, rules } from './policies.ts';
import { find, type Manifest, manifestsOf } from './stack-fixture.ts';

/** Alertmanager as the config has it. */

const fileOf = (manifests: readonly Manifest[]) => find(manifests, 'ConfigMap', 'alertmanager-config').data;
const configOf = (manifests: readonly Manifest[]): Manifest => parse(fileOf(manifests)['alertmanager.yml']);

const manifests = manifestsOf(alertingConfig);
const told = configOf(manifests);

describe('who is told', () => {
  test.each(routed)('$labels: $to', ({ labels, to, by = ['alertname', 'service', 'testid'] }) => {
    expect(routeOf(told.route, labels)).toMatchObject({ receiver: to, group_by: by });
  });

  test('of critical alerts before others', () => {
    const wait = (severity: string) => routeOf(told.route, { alertname: 'A', severity }).group_wait;
    expect([wait('critical'), wait('warning')]).toEqual(['10s', '30s']);
  });

  test('again after what the route says, or all together', () => {
    const again = (testid: string) =>
      routeOf(told.route, { alertname: 'A', severity: 'warning', testid }).repeat_interval;
    expect([again('nightly-1'), again('browse-1')]).toEqual(['1h', '4h']);
  });

  test('that a run is over, too, but not that Watchdog is', () => {
    const resolved = Object.fromEntries(
      told.receivers.map(({ name, ...kinds }: Manifest) => [
        name,
        Object.values(kinds).flatMap((entries) => (entries as Manifest[]).map(({ send_resolved }) => send_resolved)),
      ]),
    );
    expect(resolved).toEqual({
      none: [],
      team: [true],
      'on-call': [true, true],
      bot: [true],
      switch: [true],
      'dead-mans-switch': [false],
    });
  });

  test('at each interval that alerts get through', () => {
    expect(routeOf(told.route, { alertname: 'Watchdog' })).toMatchObject({
      group_wait: '0s',
      group_interval: '150s',
      repeat_interval: '225s',
    });
  });

  test.each([
    ['nothing', fullConfig],
    [
      'no default and no switch',
      {
        ...alertingConfig,
        alerting: {
          ...alertingConfig.alerting,
          receivers: [],
          default: undefined,
          routes: [],
          deadMansSwitch: undefined,
        },
      },
    ],
  ])('is nobody, where the config says %s', (_, config) => {
    const { route, receivers } = configOf(manifestsOf(config));
    expect(receivers).toEqual([{ name: 'none' }]);
    for (const { labels } of routed) expect(routeOf(route, labels).receiver).toBe('none');
  });
});

describe('what follows from another is kept back', () => {
  test.each(inhibited)('$source', ({ source, back, told: others }) => {
    for (const target of back) expect([target, inhibits(told.inhibit_rules, source, target)]).toEqual([target, true]);
    for (const target of others)
      expect([target, inhibits(told.inhibit_rules, source, target)]).toEqual([target, false]);
  });

  test('by names that alerts have', () => {
    const alerts = rulesOf(demoConfig).groups.flatMap(({ rules: of }) =>
      of.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])),
    );
    const patterns: string[] = told.inhibit_rules.flatMap(({ source_matchers, target_matchers }: Manifest) =>
      [...source_matchers, ...target_matchers].flatMap(
        (matcher: string) => /^alertname!?=~?"(.+)"$/.exec(matcher)?.[1]?.split('|') ?? [],
      ),
    );
    expect(patterns.length).toBeGreaterThan(10);
    expect(patterns.filter((pattern) => !alerts.some((alert) => new RegExp(`^${pattern}$`).test(alert)))).toEqual([]);
  });

  test('and nothing keeps itself back, or what keeps it back', () => {
    const all = inhibited.flatMap(({ source, back, told: others }) => [source, ...back, ...others]);
    for (const one of all)
      for (const other of all)
        if (inhibits(told.inhibit_rules, one, other)) expect(inhibits(told.inhibit_rules, other, one)).toBe(false);
  });
});

describe('secrets', () => {
  const { spec } = find(manifests, 'StatefulSet', 'alertmanager').spec.template;
  const [container] = spec.containers;
  /** Files that the pod has of Secrets. */
  const mounted = spec.volumes.flatMap(({ name, secret }: Manifest) =>
    (secret?.items ?? []).map(({ path }: Manifest) => {
      const { mountPath } = container.volumeMounts.find((mount: Manifest) => mount.name === name);
      return [`${mountPath}/${path}`, secret.secretName];
    }),
  );
  /** Every field of a receiver that names a file, or holds what is secret. */
  const fields = (ending: RegExp) =>
    told.receivers.flatMap(({ name: _, ...kinds }: Manifest) =>
      Object.values(kinds).flatMap((entries) =>
        Object.entries((entries as Manifest[])[0]).filter(([field]) => ending.test(field)),
      ),
    );

  test('are files', () => {
    expect(Object.fromEntries(mounted)).toEqual({
      '/etc/receivers/team/slack/url': 'slack-load-tests',
      '/etc/receivers/on-call/email/password': 'smtp-password',
      '/etc/receivers/on-call/pagerduty/routing-key': 'pagerduty-key',
      '/etc/receivers/switch/webhook/url': 'switch-url',
    });
    const named = new Set(fields(/_file$/).map(([, file]: [string, string]) => file));
    expect([...named].sort()).toEqual(mounted.map(([file]: [string]) => file).sort());
  });

  test('are nowhere else', () => {
    expect(fields(/^(api_url|auth_password|auth_secret|routing_key|service_key|http_config)$/)).toEqual([]);
    expect(fields(/^url$/).map(([, url]: [string, string]) => url)).toEqual([
      'https://events.pagerduty.com/v2/enqueue',
      'http://bot.tools.svc:8080/alerts',
    ]);
  });

  test('that are missing keep no one else from being told', () => {
    const secrets = spec.volumes.filter(({ secret }: Manifest) => secret);
    expect(secrets.map(({ secret }: Manifest) => secret.optional)).toEqual([true, true, true, true]);
  });
});

describe('Alertmanager reaches', () => {
  const own = (objects: readonly Manifest[]) => objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const anywhere = (objects: readonly Manifest[]) =>
    rules(own(objects), pod('alertmanager'), 'Egress')?.flatMap(({ to, ports }) =>
      to ? [] : ports.map(({ port }: Manifest) => port),
    );
  const [slack, onCall, bot, watch] = alertingConfig.alerting.receivers;
  const only = (receiver: unknown) =>
    manifestsOf({ ...fullConfig, alerting: { receivers: [{ ...(receiver as object), name: 'a' }], default: 'a' } });

  test('nobody but DNS without receivers', () => {
    expect(anywhere(manifestsOf(fullConfig))).toEqual([53, 53]);
    expect(connects(own(manifestsOf(fullConfig)), pod('alertmanager'), pod('any', 'tools'), 8080)).toBe(false);
  });

  test.each([
    ['Slack', slack, [443]],
    ['PagerDuty and the mail server', onCall, [587, 443]],
    ['a program of the cluster', bot, []],
    ['a URL that nobody knows', watch, [80, 443]],
  ])('%s', (_, receiver, ports) => {
    expect(anywhere(only(receiver))).toEqual([53, 53, ...ports]);
  });

  test('a program of the cluster in its namespace and no other', () => {
    const policies = own(only(bot));
    expect(connects(policies, pod('alertmanager'), pod('any', 'tools'), 8080)).toBe(true);
    expect(connects(policies, pod('alertmanager'), pod('any', 'shop'), 8080)).toBe(false);
    expect(connects(policies, pod('alertmanager'), pod('prometheus'), 9090)).toBe(false);
  });
});

test('a change of what is told restarts it', () => {
  const hash = (config: unknown) =>
    find(manifestsOf(config), 'StatefulSet', 'alertmanager').spec.template.metadata.annotations[
      'loadscope/config-hash'
    ];
  expect(hash(alertingConfig)).not.toBe(hash(fullConfig));
});
