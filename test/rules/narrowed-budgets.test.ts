import { rulesOf } from '../boards.ts';
import { demoConfig } from '../config-fixture.ts';
import { findTool, testWithTool } from '../tool.ts';
import type { Labels } from './case.ts';
import { unitTest } from './unit-test.ts';

/** A budget for a part is an exception to the one for all, which leaves that part out: on simulated series. */

const promtool = findTool('promtool', '--version');
type Series = Readonly<Record<string, string>>;

/** Whether exactly these alerts of a name fire, after seven and a half minutes with these budgets beside the defaults. */
function expectAlerts(alert: string, budgets: readonly object[], series: readonly Series[], fires: readonly Labels[]) {
  if (!promtool) return;
  const rules = rulesOf({ ...demoConfig, budgets }).groups.flatMap((group) => group.rules);
  const read = rules.filter((rule) => 'record' in rule || rule.alert === alert);
  const asked = { alert, when: '', series: Object.assign({}, ...series), at: '7m30s' };
  expect(unitTest(promtool, read, [{ ...asked, fires }])).toEqual({
    status: 0,
    output: expect.stringContaining('SUCCESS'),
  });
}

/** A service that answers ten requests a second on a path, of which a share fails. */
const requests = (service: string, { mean = 0.1, errors = 0, uri = '/a' } = {}): Series => {
  const labels = `namespace="shop",job="service",service="${service}",uri="${uri}"`;
  return {
    [`http_server_requests_seconds_count{${labels},outcome="SUCCESS"}`]: `0+${150 * (1 - errors)}x30`,
    [`http_server_requests_seconds_count{${labels},outcome="SERVER_ERROR"}`]: `0+${150 * errors}x30`,
    [`http_server_requests_seconds_sum{${labels}}`]: `0+${150 * mean}x30`,
  };
};

describe('for a service', () => {
  const budgets = [{ indicator: 'avg', bound: '2s', service: 'auth' }];
  const [general, exception] = [{ budget: 'avg' }, { budget: 'avg of service auth' }];

  testWithTool(promtool)('it has its own bound, and the others keep theirs', () => {
    const both = (mean: number) => [requests('shop', { mean }), requests('auth', { mean })];
    expectAlerts('HttpLatencyHigh', budgets, both(0.4), []);
    expectAlerts('HttpLatencyHigh', budgets, both(1.9), [{ service: 'shop', ...general }]);
    expectAlerts('HttpLatencyHigh', budgets, both(2.1), [
      { service: 'shop', ...general },
      { service: 'auth', ...exception },
    ]);
  });

  testWithTool(promtool)('one whose name begins alike is another', () => {
    const alike = [requests('auth', { mean: 1 }), requests('auth-2', { mean: 1 }), requests('an-auth', { mean: 1 })];
    expectAlerts('HttpLatencyHigh', budgets, alike, [
      { service: 'auth-2', ...general },
      { service: 'an-auth', ...general },
    ]);
  });

  testWithTool(promtool)('several are left out at once', () => {
    const more = [...budgets, { indicator: 'avg', bound: '3s', service: 'shop' }];
    const series = ['shop', 'auth', 'search'].map((service) => requests(service, { mean: 1 }));
    expectAlerts('HttpLatencyHigh', more, series, [{ service: 'search', ...general }]);
  });

  testWithTool(promtool)('of one severity, it leaves the other alone', () => {
    const warning = [{ indicator: 'avg', bound: '300ms', severity: 'warning', service: 'auth' }];
    expectAlerts(
      'HttpLatencyHigh',
      warning,
      [requests('auth', { mean: 1 })],
      [
        { severity: 'critical', ...general },
        { severity: 'warning', ...exception },
      ],
    );
  });

  testWithTool(promtool)('of one indicator, it leaves the others alone', () => {
    expectAlerts('HttpErrorRateHigh', budgets, [requests('auth', { errors: 0.02 })], [{ budget: 'error_ratio' }]);
  });

  testWithTool(promtool)('its error budget is its own', () => {
    const availability = [{ indicator: 'availability', bound: '99%', service: 'auth' }];
    const both = (errors: number) => [requests('shop', { errors }), requests('auth', { errors })];
    expectAlerts('ErrorBudgetBurn', availability, both(0.14), [{ service: 'shop', budget: 'availability' }]);
    expectAlerts('ErrorBudgetBurn', availability, both(0.15), [
      { service: 'shop', budget: 'availability' },
      { service: 'auth', budget: 'availability of service auth' },
    ]);
  });

  testWithTool(promtool)('its containers are left out, and those of no service stay so', () => {
    const used = (service: string, share: number) => {
      const labels = `namespace="shop",pod="${service}-1",container="c"`;
      return {
        [`container_cpu_usage_seconds_total{service="${service}",${labels}}`]: `0+${15 * share}x30`,
        [`kube_pod_container_resource_limits{${labels},resource="cpu"}`]: '1x30',
      };
    };
    const cpu = { indicator: 'utilization', resource: 'cpu', severity: 'warning' };
    expectAlerts(
      'ContainerCpuHigh',
      [{ ...cpu, bound: '95%', service: 'shop' }],
      [used('shop', 0.9), used('auth', 0.9), used('', 0.9)],
      [{ service: 'auth', budget: 'cpu utilization' }],
    );
  });
});

describe('for an endpoint', () => {
  const answered = (name: string, mean: number): Series => {
    const labels = `testid="run-1",service="shop",scenario="browse",name="${name}"`;
    return {
      [`k6_http_req_duration_seconds{${labels}}`]: `{{schema:0}}+{{schema:0 sum:${150 * mean} count:150 buckets:[150]}}x30`,
      [`k6_http_reqs_total{${labels}}`]: '0+150x30',
    };
  };

  testWithTool(promtool)('of a load test, it is judged alone, and with the others by the budget for all', () => {
    const budgets = [{ indicator: 'avg', bound: '300ms', endpoint: 'product_list' }];
    const list = { service: 'shop', testid: 'run-1', budget: 'avg of endpoint product_list' };
    const all = { service: 'shop', testid: 'run-1', budget: 'avg' };
    const both = (slow: number, other: number) => [answered('product_list', slow), answered('product_detail', other)];
    expectAlerts('LoadTestLatencyHigh', budgets, both(0.29, 0.4), []);
    expectAlerts('LoadTestLatencyHigh', budgets, both(0.31, 0.4), [list]);
    expectAlerts('LoadTestLatencyHigh', budgets, both(0.29, 0.8), [all]);
    expectAlerts('LoadTestLatencyHigh', budgets, both(0.7, 0.4), [list, all]);
  });

  testWithTool(promtool)('of one service, another’s of that name is judged by the budget for all', () => {
    const budgets = [
      { indicator: 'avg', bound: '300ms', endpoint: 'product_list' },
      { indicator: 'avg', bound: '400ms', endpoint: 'product_list', service: 'shop' },
    ];
    expectAlerts('LoadTestLatencyHigh', budgets, [answered('product_list', 0.35)], []);
    expectAlerts(
      'LoadTestLatencyHigh',
      budgets,
      [answered('product_list', 0.45)],
      [{ name: 'product_list', budget: 'avg of service shop of endpoint product_list' }],
    );
  });

  testWithTool(promtool)('of a service, by its path, in which there may be braces', () => {
    const uri = '/api/v1/products/{id}';
    const budgets = [{ indicator: 'error_ratio', bound: '0.5%', uri }];
    const series = [requests('shop', { errors: 0.006, uri }), requests('shop', { errors: 0.006 })];
    expectAlerts('HttpErrorRateHigh', budgets, series, [
      { namespace: 'shop', job: 'service', service: 'shop', uri, budget: `error_ratio of uri ${uri}` },
    ]);
    expectAlerts('HttpErrorRateHigh', budgets, [requests('shop', { errors: 0.004, uri })], []);
  });
});

describe('for a consumer group', () => {
  /** A group that has so many messages of a topic to read, at ten a second. */
  const behind = (consumergroup: string, topic: string, messages: number): Series => {
    const labels = `instance="events",topic="${topic}",partition="0"`;
    return {
      [`kafka_topic_partition_current_offset{${labels}}`]: `${5000 + messages}+150x30`,
      [`kafka_consumergroup_current_offset{${labels},consumergroup="${consumergroup}"}`]: '5000+150x30',
    };
  };
  const of = (consumergroup: string, topic: string, budget: string, severity: string) => ({
    consumergroup,
    topic,
    budget,
    severity,
  });

  testWithTool(promtool)('it is left out on all topics, by the severity that it is for', () => {
    const budgets = [{ indicator: 'lag', bound: 5000, consumerGroup: 'batch' }];
    const series = [behind('batch', 'orders', 2000), behind('batch', 'mail', 6000), behind('live', 'views', 2000)];
    expectAlerts('KafkaLagHigh', budgets, series, [
      of('batch', 'orders', 'lag', 'warning'),
      of('batch', 'mail', 'lag', 'warning'),
      of('batch', 'mail', 'lag of consumerGroup batch', 'critical'),
      of('live', 'views', 'lag', 'warning'),
      of('live', 'views', 'lag', 'critical'),
    ]);
  });

  testWithTool(promtool)('on one topic, it is left out there only', () => {
    const budgets = ['critical', 'warning'].map((severity) => ({
      indicator: 'lag',
      bound: severity === 'critical' ? 5000 : 4000,
      severity,
      consumerGroup: 'batch',
      topic: 'orders',
    }));
    const series = [behind('batch', 'orders', 4500), behind('batch', 'mail', 500), behind('live', 'views', 500)];
    expectAlerts('KafkaLagHigh', budgets, series, [
      of('batch', 'orders', 'lag of topic orders of consumerGroup batch', 'warning'),
      of('batch', 'mail', 'lag', 'warning'),
      of('live', 'views', 'lag', 'warning'),
    ]);
  });

  testWithTool(promtool)('on a topic whose name has dots, which stand for themselves', () => {
    const budgets = [{ indicator: 'lag_seconds', bound: '5m', severity: 'warning', topic: 'orders.v1' }];
    const series = [behind('g', 'orders.v1', 400), behind('g', 'orders-v1', 400)];
    expectAlerts('KafkaLagSecondsHigh', budgets, series, [{ topic: 'orders-v1', budget: 'lag_seconds' }]);
  });
});
