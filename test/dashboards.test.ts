import { targets } from '../exporters/index.ts';
import { runbookPanel, runbooksUid } from '../model/link.ts';
import { readsOfStack } from '../synth/keep-lists.ts';
import { checkedQueries } from '../synth/publish.ts';
import { board, boards, panelsOf, queriesOf, rowsOf, rulesOf, titlesOf, variablesOf } from './boards.ts';
import { configOf, demoConfig, fullConfig } from './config-fixture.ts';
import { find, type Manifest, manifestsOf, runnerOf } from './stack-fixture.ts';

const manifests = manifestsOf(demoConfig);

test('the overview has its twelve panels, three a row', () => {
  const overview = board('load-test-overview');
  expect(panelsOf(overview).map(({ title, type }) => `${title} (${type})`)).toEqual([
    'k6: total requests per second (gauge)',
    'k6: error rate (stat)',
    'k6: active virtual users (timeseries)',
    'k6: response time (heatmap)',
    'k6: p95 latency by endpoint (timeseries)',
    'k6: p99 latency by endpoint (timeseries)',
    'CPU by service (timeseries)',
    'Memory by service (timeseries)',
    'Network by service (timeseries)',
    'MySQL: active connections (timeseries)',
    'Redis: hit ratio and memory (timeseries)',
    'Kafka: consumer lag (timeseries)',
  ]);
  expect(
    panelsOf(overview)
      .map(({ gridPos }) => [gridPos.x, gridPos.y])
      .slice(0, 4),
  ).toEqual([
    [0, 0],
    [8, 0],
    [16, 0],
    [0, 8],
  ]);
});

test('each target with panels has a dashboard of its own, with all of them', () => {
  for (const { name, panels = [] } of targets(configOf(demoConfig)))
    expect(titlesOf(panelsOf(board(`loadscope-${name}`, demoConfig)))).toEqual(
      expect.arrayContaining(panels.map(({ title }) => title)),
    );
});

test('every metric that a target declares is read by some dashboard or rule', () => {
  const ofStack = targets(configOf(demoConfig));
  const reads = readsOfStack(configOf(demoConfig), ofStack);
  const unread = ofStack.flatMap(({ name, metrics }) =>
    Object.values(metrics)
      .filter(
        (metric) => !['', '_bucket', '_sum', '_count'].some((part) => reads.get(name)?.has(`${metric.name}${part}`)),
      )
      .map((metric) => metric.name),
  );
  expect(unread).toEqual([]);
});

test('a system that the config has none of has no panel, row or dashboard', () => {
  const without = boards({ ...fullConfig, kafka: [] });
  expect(titlesOf(without)).not.toContain('Kafka');
  expect(without.flatMap((dashboard) => titlesOf([...panelsOf(dashboard), ...rowsOf(dashboard)])).join()).not.toMatch(
    /Kafka: consumer lag|Messages produced/,
  );
});

test('without load tests there are no panels of them, and no run to choose', () => {
  const without = board('load-test-overview', { ...fullConfig, loadTests: [] });
  expect(titlesOf(panelsOf(without)).join()).not.toContain('k6');
  expect(variablesOf(without)).toEqual(['datasource', 'service', 'interval']);
});

describe('of Kafka bots', () => {
  const bots = { ...fullConfig, kafkaBots: [{ name: 'bot', cluster: 'events' }] };
  const chosen = (config: object) =>
    board('loadscope-kafka-bot', config).templating?.list?.find(({ name }) => name === 'testid');
  const marked = (config: object) => board('loadscope-kafka-bot', config).annotations?.list?.[0];

  test('runs can be chosen, and are marked, beside those of k6', () => {
    expect(chosen(bots)).toMatchObject({
      query: {
        query:
          'query_result(group by (testid) (last_over_time(k6_vus[$__range])) or group by (testid) (last_over_time(kafka_bot_target_rate[$__range])))',
      },
      regex: '/testid="([^"]+)"/',
      multi: true,
    });
    expect(marked(bots)).toMatchObject({ expr: expect.stringMatching(/k6_vus\{.* or .*kafka_bot_target_rate\{/) });
  });

  test('they are alone where there is no other load test, and all that is asked is there', () => {
    const alone = { ...bots, loadTests: [] };
    expect(() => checkedQueries(configOf(alone))).not.toThrow();
    expect(JSON.stringify([chosen(alone), marked(alone)])).not.toContain('k6');
    expect(titlesOf(panelsOf(board('load-test-overview', alone)))).toEqual(
      expect.arrayContaining(['Kafka bot: messages per second', 'Kafka bot: send latency']),
    );
  });

  test('a bound for a topic is a line where the latency of topics is shown', () => {
    const lines = queriesOf(
      board('loadscope-kafka-bot', { ...bots, budgets: [{ indicator: 'p95', bound: '20ms', topic: 'orders' }] }),
    ).filter(({ expr }) => expr === 'vector(0.02)');
    expect(lines.map(({ panel }) => panel)).toEqual(['Kafka bot: send latency', 'Kafka bot: p95 by topic']);
  });
});

test('services on the JVM alone have no event loop', () => {
  expect(titlesOf(panelsOf(board('loadscope-service')))).not.toContain('Lag of the event loop');
  expect(titlesOf(panelsOf(board('loadscope-service', demoConfig)))).toContain('Lag of the event loop');
});

describe('for a remote end without native histograms', () => {
  const config = { ...fullConfig, nativeHistograms: false };

  test('percentiles of the slowest runner take their place, under the same titles', () => {
    expect(boards(config).map((dashboard) => titlesOf(panelsOf(dashboard)))).toEqual(
      boards(fullConfig).map((dashboard) => titlesOf(panelsOf(dashboard))),
    );
    const asked = boards(config).flatMap((dashboard) => queriesOf(dashboard).map(({ expr }) => expr));
    expect(asked.filter((expr) => /k6_\w+_seconds|histogram_\w+\([^"]*k6_/.test(expr))).toEqual([]);
    expect(boards(config).flatMap((dashboard) => panelsOf(dashboard).map(({ type }) => type))).not.toContain('heatmap');
    expect(queriesOf(board('load-test-overview', config)).map(({ expr }) => expr)).toContain(
      'max by (service, name) (k6_http_req_duration_p95{testid=~"$testid",scenario!=""})',
    );
  });

  test('k6 pushes what the panels ask for', () => {
    const { env } = runnerOf(manifestsOf(config), 'browse');
    expect(env).toContainEqual({ name: 'K6_PROMETHEUS_RW_TREND_STATS', value: 'p(50),p(95),p(99),avg' });
    expect(env.map(({ name }: Manifest) => name)).not.toContain('K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM');
  });
});

const measuring = boards(demoConfig).filter(({ uid }) => uid !== runbooksUid);

describe.each(measuring.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  const panels = panelsOf(dashboard);

  test('has panels with an id, a unit, a description and queries with a refId', () => {
    const ids = [...panels, ...rowsOf(dashboard)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, id, description, fieldConfig, targets: queries, datasource, interval } of panels) {
      expect(id).toBeGreaterThan(0);
      expect({ title, long: description.length > 60 }).toEqual({ title, long: true });
      expect(fieldConfig.defaults.unit).toBeTruthy();
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(interval).toBe('$interval');
      expect(queries.map(({ refId }: { refId: string }) => refId)).toEqual([...'ABCDEFGH'].slice(0, queries.length));
    }
  });

  test('fits the grid without overlap, each row by itself', () => {
    const open = (dashboard.panels as Manifest[]).filter(({ type }) => type !== 'row');
    for (const group of [
      [...open, ...rowsOf(dashboard)],
      ...rowsOf(dashboard).map(({ panels: inner = [] }) => inner),
    ]) {
      const taken = new Set<string>();
      for (const {
        gridPos: { x, y, w, h },
      } of group) {
        expect(x + w).toBeLessThanOrEqual(24);
        for (let column = x; column < x + w; column++)
          for (let row = y; row < y + h; row++) {
            expect(taken).not.toContain(`${column},${row}`);
            taken.add(`${column},${row}`);
          }
      }
    }
  });

  test('asks rates over the window that follows the zoom, and totals over what is shown or kept', () => {
    for (const { expr } of queriesOf(dashboard))
      for (const [, window] of expr.matchAll(/\[([^\]]+)\]/g))
        expect({ expr, window }).toEqual({
          expr,
          window: expect.stringMatching(/^(\$__rate_interval:?|\$__range|\$__range:15s|15d)$/),
        });
  });

  test('obeys the choice of runs and services where a series has them', () => {
    for (const { panel, expr } of queriesOf(dashboard)) {
      if (/k6_|kafka_bot_/.test(expr))
        expect({ panel, expr }).toEqual({ panel, expr: expect.stringMatching(/\$testid|\$baseline/) });
      // What holds a run up is one resource of all.
      for (const [selector] of expr.matchAll(
        /(?<!\w)(http_server|http_client|hikaricp|jvm|tomcat|lettuce|kafka_consumer_|nodejs|resource:|container_)[\w:]+(\{[^}]*\})?/g,
      ))
        if (!/id="\/"|container="k6"|^resource:bottleneck:verdict$/.test(selector))
          expect({ panel, selector }).toEqual({ panel, selector: expect.stringContaining('service=~"$service') });
    }
  });

  test('marks load tests and firing alerts, and leads to the other dashboards with what is chosen', () => {
    expect(dashboard.annotations?.list?.map(({ name, enable }) => ({ name, enable }))).toEqual([
      { name: 'Load tests', enable: true },
      { name: 'Firing alerts', enable: true },
    ]);
    expect(dashboard.links).toEqual([
      expect.objectContaining({ type: 'dashboards', tags: ['loadscope'], keepTime: true, includeVars: true }),
    ]);
    expect(dashboard.tags).toContain('loadscope');
  });

  test('leads from a series to its traces in that time, by labels that it has', () => {
    for (const { title, fieldConfig, targets: queries } of panels)
      for (const { url } of fieldConfig.defaults.links ?? []) {
        expect(url).toMatch(
          /^http:\/\/localhost:9411\/zipkin\/\?.+&lookback=range&startTs=\$\{__from\}&endTs=\$\{__to\}&limit=100$/,
        );
        const labels = [...url.matchAll(/\$\{__(?:field\.labels|data\.fields)\.(\w+)\}/g)].map(([, label]) => label);
        expect({ title, labels: labels.length > 0 }).toEqual({ title, labels: true });
        for (const { expr } of queries)
          for (const label of labels)
            expect({ title, expr }).toEqual({
              title,
              expr: expect.stringMatching(new RegExp(`by \\([^)]*\\b${label}\\b[^)]*\\)`)),
            });
      }
  });

  test('is stored whole, in less than client-side apply takes', () => {
    const configMap = find(manifests, 'ConfigMap', `dashboard-${dashboard.uid}`);
    expect(JSON.parse(configMap.data[`${dashboard.uid}.json`])).toEqual(dashboard);
    expect(JSON.stringify(configMap).length).toBeLessThan(256 * 1024);
  });
});

describe('the runbooks', () => {
  const runbooks = () => board(runbooksUid, demoConfig);
  const alerts = rulesOf(demoConfig).groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
  );

  test('have a panel for each alert, which its link leads to', () => {
    const names = [...new Set(alerts.map(({ alert }) => alert))].sort();
    expect(names.length).toBeGreaterThan(50);
    expect(titlesOf(panelsOf(runbooks()))).toEqual(names);
    const ids = panelsOf(runbooks()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(names.map(runbookPanel));
    for (const { alert, annotations } of alerts)
      expect(annotations.runbook_url).toBe(
        `http://localhost:3000/d/loadscope-runbooks?viewPanel=${runbookPanel(alert)}`,
      );
  });

  test('fit in what client-side apply takes, and side by side', () => {
    const configMap = find(manifests, 'ConfigMap', `dashboard-${runbooksUid}`);
    expect(JSON.stringify(configMap).length).toBeLessThan(256 * 1024);
    const places = panelsOf(runbooks()).map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  test('of a team with pages of its own are there', () => {
    const own = { ...demoConfig, alerting: { runbookUrl: 'https://wiki.example.com/runbooks' } };
    expect(boards(own).map(({ uid }) => uid)).not.toContain(runbooksUid);
    expect(JSON.stringify(rulesOf(own))).toContain('https://wiki.example.com/runbooks/MysqlDown');
  });
});

test('an alert leads to the dashboard that shows it', () => {
  const uids = boards(demoConfig).map(({ uid }) => uid);
  for (const { groups } of [rulesOf(demoConfig)])
    for (const { rules } of groups)
      for (const rule of rules)
        if ('alert' in rule)
          expect(uids).toContain(
            /^http:\/\/localhost:3000\/d\/([\w-]+)(\?|$)/.exec(rule.annotations.dashboard_url ?? '')?.[1],
          );
});

test('the latency of services and of requests has a link to traces', () => {
  const linked = measuring.flatMap((dashboard) =>
    panelsOf(dashboard).filter(({ fieldConfig }) => fieldConfig.defaults.links?.length),
  );
  expect(titlesOf(linked)).toEqual(
    expect.arrayContaining(['Latency by service', 'Latency: p50, p95, p99', 'k6: p95 latency by endpoint']),
  );
});

describe('Grafana', () => {
  const provisioning = find(manifestsOf(fullConfig), 'ConfigMap', 'grafana-provisioning').data;

  test('asks the Services of the stack', () => {
    for (const name of ['prometheus', 'alertmanager', 'zipkin']) {
      const [{ port }] = find(manifestsOf(fullConfig), 'Service', name).spec.ports;
      expect(provisioning['datasources.yaml']).toContain(`url: http://${name}:${port}\n`);
    }
  });

  test('lets nobody in without a password', () => {
    const [{ env }] = find(manifestsOf(fullConfig), 'StatefulSet', 'grafana').spec.template.spec.containers;
    expect(env).toContainEqual({ name: 'GF_AUTH_ANONYMOUS_ENABLED', value: 'false' });
    expect(env).toContainEqual({ name: 'GF_SECURITY_ADMIN_PASSWORD__FILE', value: '/etc/grafana/admin/password' });
    expect(provisioning['dashboards.yaml']).toContain('folder: Load Testing');
  });
});
