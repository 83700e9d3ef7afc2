import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../dashboards/index.ts';
import { targets } from '../exporters/index.ts';
import { configOf, find, fullConfig, type Manifest, manifestsOf } from './stack-fixture.ts';

const boards = (config: unknown): Dashboard[] => dashboards(targets(configOf(config)));
const panelsOf = (dashboard: Dashboard): Manifest[] => dashboard.panels as Manifest[];
const overview = (config: unknown = fullConfig) => {
  const [dashboard] = boards(config);
  if (!dashboard) throw new Error('there is no overview');
  return dashboard;
};

test('the overview has its twelve panels, three a row', () => {
  expect(panelsOf(overview()).map(({ title, type }) => `${title} (${type})`)).toEqual([
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
    panelsOf(overview())
      .map(({ gridPos }) => [gridPos.x, gridPos.y])
      .slice(0, 4),
  ).toEqual([
    [0, 0],
    [8, 0],
    [16, 0],
    [0, 8],
  ]);
});

test('a system that the config has none of has no panel', () => {
  const titles = panelsOf(overview({ ...fullConfig, kafka: [] })).map(({ title }) => title);
  expect(titles).toHaveLength(11);
  expect(titles.join()).not.toContain('Kafka');
});

test('without load tests there are no panels of them, and no run to choose', () => {
  const without = overview({ ...fullConfig, loadTests: [] });
  expect(panelsOf(without).map(({ title }) => title)).not.toContainEqual(expect.stringContaining('k6'));
  expect(without.templating?.list?.map(({ name }) => name)).toEqual(['datasource', 'service', 'interval']);
});

describe.each(boards(fullConfig).map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_, dashboard) => {
  const panels = panelsOf(dashboard);
  const expressions: string[] = panels.flatMap(({ targets: queries }) =>
    queries.map(({ expr }: { expr: string }) => expr),
  );

  test('has panels with an id, a unit, a description and queries with a refId', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { id, description, fieldConfig, targets: queries, datasource, interval } of panels) {
      expect(id).toBeGreaterThan(0);
      expect(description.length).toBeGreaterThan(60);
      expect(fieldConfig.defaults.unit).toBeTruthy();
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      expect(interval).toBe('$interval');
      expect(queries.map(({ refId }: { refId: string }) => refId)).toEqual(
        ['A', 'B', 'C', 'D'].slice(0, queries.length),
      );
    }
  });

  test('fits the grid without overlap', () => {
    const taken = new Set<string>();
    for (const {
      gridPos: { x, y, w, h },
    } of panels) {
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++)
        for (let row = y; row < y + h; row++) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
    }
  });

  test('asks rates over the window that follows the zoom', () => {
    for (const expr of expressions)
      for (const [, window] of expr.matchAll(/\[([^\]]+)\]/g))
        expect({ expr, window }).toEqual({ expr, window: '$__rate_interval' });
  });

  test('is stored whole, in less than client-side apply takes', () => {
    const configMap = find(manifestsOf(fullConfig), 'ConfigMap', `dashboard-${dashboard.uid}`);
    expect(JSON.parse(configMap.data[`${dashboard.uid}.json`])).toEqual(JSON.parse(JSON.stringify(dashboard)));
    expect(JSON.stringify(configMap).length).toBeLessThan(256 * 1024);
  });
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
