import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { targets } from '../exporters/index.ts';
import { ruleFile } from '../rules/index.ts';
import { configOf, demoConfig } from './stack-fixture.ts';
import { findTool, testWithTool } from './tool.ts';

/** How near resources are to their knee, on simulated series: a sample every 15 s, for five minutes. */

const rules = ruleFile(configOf(demoConfig), targets(configOf(demoConfig)));
const promtool = findTool('promtool', '--version');

type Series = Readonly<Record<string, string>>;

const pod = 'service="a",namespace="n",pod="p"';
const container = `${pod},container="c"`;
const cpuLimit = { [`kube_pod_container_resource_limits{${container},resource="cpu"}`]: '1x20' };
const memoryLimit = { [`kube_pod_container_resource_limits{${container},resource="memory"}`]: '100x20' };
const poolMax = { [`hikaricp_connections_max{${pod}}`]: '10x20' };
const offset = 'instance="a",topic="t",partition="0"';
const committed = `kafka_consumergroup_current_offset{${offset},consumergroup="g"}`;

/** Resource, facet, what is simulated, and the pressure of `a`; left out where there is none to tell. */
const cases: readonly (readonly [string, string, string, Series, number?])[] = [
  [
    'cpu',
    'utilization',
    'at 80 % of its limit',
    { [`container_cpu_usage_seconds_total{${container}}`]: '0+12x20', ...cpuLimit },
    1,
  ],
  ['cpu', 'utilization', 'idle', { [`container_cpu_usage_seconds_total{${container}}`]: '0x20', ...cpuLimit }, 0],
  ['cpu', 'utilization', 'without a limit', { [`container_cpu_usage_seconds_total{${container}}`]: '0+12x20' }],
  [
    'cpu',
    'utilization',
    'of a process that started anew',
    { [`container_cpu_usage_seconds_total{${container}}`]: '0+12x16 0+12x3', ...cpuLimit },
    0.667,
  ],
  [
    'cpu',
    'saturation',
    'stopped in a quarter of the periods',
    {
      [`container_cpu_cfs_throttled_periods_total{${container}}`]: '0+25x20',
      [`container_cpu_cfs_periods_total{${container}}`]: '0+100x20',
    },
    1,
  ],
  [
    'memory',
    'utilization',
    'at 90 % of its limit',
    { [`container_memory_working_set_bytes{${container}}`]: '90x20', ...memoryLimit },
    1,
  ],
  [
    'memory',
    'utilization',
    'of a container that is gone',
    { [`container_memory_working_set_bytes{${container}}`]: '90x10 stale', ...memoryLimit },
  ],
  [
    'node-cpu',
    'utilization',
    'at 90 % of its cores',
    { 'container_cpu_usage_seconds_total{id="/",instance="a"}': '0+27x20', 'machine_cpu_cores{instance="a"}': '2x20' },
    1,
  ],
  [
    'hikari-pool',
    'utilization',
    'held for 90 % of the time',
    { [`hikaricp_connections_usage_seconds_sum{${pod}}`]: '0+135x20', ...poolMax },
    1,
  ],
  [
    'hikari-pool',
    'saturation',
    'with a fifth as many waiting',
    { [`hikaricp_connections_pending{${pod}}`]: '2x20', ...poolMax },
    1,
  ],
  [
    'tomcat-threads',
    'utilization',
    'at 90 %',
    { [`tomcat_threads_busy_threads{${pod}}`]: '9x20', [`tomcat_threads_config_max_threads{${pod}}`]: '10x20' },
    1,
  ],
  [
    'jvm-heap',
    'utilization',
    'at 85 % after a collection',
    { [`jvm_memory_usage_after_gc{${pod},area="heap"}`]: '0.85x20' },
    1,
  ],
  [
    'jvm-heap',
    'saturation',
    'in pauses for a tenth of the time',
    { [`jvm_gc_pause_seconds_sum{${pod}}`]: '0+1.5x20' },
    1,
  ],
  ['event-loop', 'saturation', 'late by 100 ms', { [`nodejs_eventloop_lag_p99_seconds{${pod}}`]: '0.1x20' }, 1],
  [
    'kafka-consumer',
    'utilization',
    'busy 95 % of the time',
    { [`kafka_consumer_poll_idle_ratio_avg{${pod}}`]: '0.05x20' },
    1,
  ],
  [
    'kafka-consumer',
    'saturation',
    '30 s behind',
    { [`kafka_topic_partition_current_offset{${offset}}`]: '300+150x20', [committed]: '0+150x20' },
    1,
  ],
  [
    'kafka-consumer',
    'saturation',
    'stopped, with three messages to read',
    { [`kafka_topic_partition_current_offset{${offset}}`]: '3x20', [committed]: '0x20' },
    1,
  ],
  [
    'kafka-consumer',
    'saturation',
    'level with the producers',
    { [`kafka_topic_partition_current_offset{${offset}}`]: '0+150x20', [committed]: '0+150x20' },
    0,
  ],
  [
    'kafka-broker',
    'errors',
    'with a replica behind',
    { [`kafka_topic_partition_under_replicated_partition{${offset}}`]: '1x20' },
    1,
  ],
  [
    'mysql-connections',
    'utilization',
    'at 85 % of max_connections',
    {
      'mysql_global_status_threads_connected{instance="a"}': '85x20',
      'mysql_global_variables_max_connections{instance="a"}': '100x20',
    },
    1,
  ],
  [
    'mysql-row-locks',
    'saturation',
    'with one that waits',
    { 'mysql_global_status_innodb_row_lock_time{instance="a"}': '0+15000x20' },
    1,
  ],
  [
    'mysql-buffer-pool',
    'saturation',
    'with 2 % from disk',
    {
      'mysql_global_status_innodb_buffer_pool_reads{instance="a"}': '0+600x20',
      'mysql_global_status_innodb_buffer_pool_read_requests{instance="a"}': '0+30000x20',
    },
    1,
  ],
  [
    'mysql-buffer-pool',
    'saturation',
    'all from disk, but few',
    {
      'mysql_global_status_innodb_buffer_pool_reads{instance="a"}': '0+600x20',
      'mysql_global_status_innodb_buffer_pool_read_requests{instance="a"}': '0+600x20',
    },
    0,
  ],
  [
    'redis-main-thread',
    'utilization',
    'at 80 % of a core',
    {
      'redis_cpu_sys_main_thread_seconds_total{instance="a"}': '0+4x20',
      'redis_cpu_user_main_thread_seconds_total{instance="a"}': '0+8x20',
    },
    1,
  ],
  [
    'redis-memory',
    'errors',
    'with one eviction in a hundred commands',
    {
      'redis_evicted_keys_total{instance="a"}': '0+15x20',
      'redis_commands_processed_total{instance="a"}': '0+1500x20',
    },
    1,
  ],
  [
    'redis-memory',
    'errors',
    'that nobody asks',
    { 'redis_evicted_keys_total{instance="a"}': '0x20', 'redis_commands_processed_total{instance="a"}': '0x20' },
  ],
  [
    'redis-clients',
    'utilization',
    'at 85 % of maxclients',
    { 'redis_connected_clients{instance="a"}': '8500x20', 'redis_config_maxclients{instance="a"}': '10000x20' },
    1,
  ],
  [
    'load-generator',
    'errors',
    'that drops one in a hundred',
    { 'k6_dropped_iterations_total{testid="a"}': '0+15x20', 'k6_iterations_total{testid="a"}': '0+1485x20' },
    1,
  ],
];

const unitTest = (...[resource, facet, , series, value]: (typeof cases)[number]) => ({
  interval: '15s',
  input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
  promql_expr_test: [
    {
      expr: `round(max by (of) (resource:pressure:ratio{resource="${resource}",facet="${facet}"}), 0.001)`,
      eval_time: '4m45s',
      exp_samples: value === undefined ? [] : [{ labels: '{of="a"}', value }],
    },
  ],
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  writeFileSync(join(folder, 'rules.yml'), stringify(rules, { lineWidth: 0 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function outcome(...tests: readonly ReturnType<typeof unitTest>[]): unknown {
  const file = join(folder, 'test.yml');
  writeFileSync(file, stringify({ rule_files: ['rules.yml'], evaluation_interval: '15s', tests }));
  return promtool?.('test', 'rules', file);
}

for (const one of cases)
  testWithTool(promtool)(one.slice(0, 3).join(', '), () => {
    expect(outcome(unitTest(...one))).toMatchObject({ status: 0 });
  });

testWithTool(promtool)('a pressure that is another fails the test', () => {
  const [first] = cases;
  if (!first) throw new Error('there is no case');
  const [resource, facet, what, series] = first;
  expect(outcome(unitTest(resource, facet, what, series, 0.99))).not.toMatchObject({ status: 0 });
});

test('each facet of each resource has a case', () => {
  const recorded = rules.groups
    .flatMap((group) => group.rules)
    .flatMap((rule) => ('record' in rule ? `${rule.labels?.resource} ${rule.labels?.facet}` : []));
  expect([...new Set(cases.map(([resource, facet]) => `${resource} ${facet}`))].sort()).toEqual(
    [...new Set(recorded)].sort(),
  );
});
