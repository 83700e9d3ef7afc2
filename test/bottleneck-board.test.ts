import { board, panelsOf, rowsOf, rulesOf, titlesOf } from './boards.ts';
import { demoConfig } from './config-fixture.ts';
import type { Manifest } from './stack-fixture.ts';

describe('the board of bottlenecks', () => {
  const bottleneck = board('bottleneck-detection', demoConfig);

  test('has the ranking and the verdict on top, and all else in rows that are folded up', () => {
    const open = (bottleneck.panels as Manifest[]).filter(({ type }) => type !== 'row');
    expect(titlesOf(open)).toEqual([
      'What holds the load test up',
      'Resources at their limit',
      'Requests of the run',
      'p95 of the run',
      'Errors of the run',
      'Worst check of the run',
      'Dropped iterations of the run',
      'Firing alerts',
      'Ranking of the resources',
      'Pressure by resource',
      'k6: p95 latency by endpoint',
      'Verdicts',
      'Budgets of the runs',
    ]);
    expect(rowsOf(bottleneck).map(({ collapsed }) => collapsed)).not.toContain(false);
    expect(titlesOf(rowsOf(bottleneck))).toEqual([
      'Load generator',
      'Containers',
      'MySQL',
      'Redis',
      'Kafka',
      'Elasticsearch',
      'Requests',
      'Connection pools',
      'Runtime',
      'Clients of the data systems',
      'Tracing and monitoring',
    ]);
  });

  test.each([
    ['latency by service', 'Latency by service'],
    ['request rate', 'Requests per second'],
    ['error rate', 'Server errors'],
    ['duration p50, p95, p99', 'Latency: p50, p95, p99'],
    ['CPU utilisation', 'CPU of the limit'],
    ['memory saturation', 'Memory of the limit'],
    ['network errors', 'Network errors'],
    ['pool active and max', 'Connection pool: active and max'],
    ['pool wait time', 'Connection pool: time to get one'],
    ['pool timeouts', 'Connection pool: waiting and timed out'],
    ['Redis operations by command', 'Commands by kind'],
    ['Redis evictions', 'Evicted and expired keys'],
    ['Redis memory and maxmemory', 'Memory and maxmemory'],
    ['Kafka produce rate', 'Messages produced'],
    ['Kafka consume rate', 'Messages consumed'],
    ['Kafka lag trend', 'Growth of the lag'],
    ['throttling', 'CPU throttling'],
    ['MySQL threads running', 'MySQL: active connections'],
    ['lock waits', 'Connections that wait for a row lock'],
    ['buffer pool', 'Buffer pool hit ratio'],
    ['slow queries', 'Statements and slow ones'],
    ['blocked clients', 'Clients'],
    ['Redis latency', 'Mean time of a command'],
    ['lag in seconds', 'Lag in seconds'],
    ['members of a group', 'Consumers and partitions'],
    ['collections', 'Garbage collection'],
    ['the event loop', 'Lag of the event loop'],
    ['dropped iterations', 'Iterations done and dropped'],
    ['saturation of the generator', 'CPU of the load generators'],
    ['circuit breakers', 'Open circuit breakers'],
    ['the rate of a Kafka bot', 'Kafka bot: messages per second'],
    ['its latency', 'Kafka bot: send latency'],
    ['its backlog', 'Backlog of the Kafka bot'],
    ['the age of that', 'Age of the backlog'],
    ['its breaker', 'Circuit breaker of the Kafka bot'],
    ['its errors', 'Errors of the Kafka bot'],
    ['its proof', 'Messages lost, duplicated, reordered, corrupted'],
    ['the latency of its readers', 'Kafka bot: end-to-end latency'],
    ['the lag of groups that it waits for', 'Lag of the watched groups'],
    ['that in seconds', 'Lag of the watched groups in seconds'],
    ['what it dropped', 'Messages due and dropped'],
  ])('shows %s', (_, title) => {
    expect(titlesOf(panelsOf(bottleneck))).toContain(title);
  });

  test('ranks each resource of each target', () => {
    const { groups } = JSON.parse(JSON.stringify(rulesOf(demoConfig)));
    const recorded = groups.find(({ name }: Manifest) => name === 'resources').rules;
    const resources = new Set(recorded.map(({ labels }: Manifest) => labels.resource));
    expect([...resources].sort()).toEqual([
      'cpu',
      'elasticsearch-disk',
      'elasticsearch-heap',
      'elasticsearch-threads',
      'event-loop',
      'hikari-pool',
      'jvm-heap',
      'kafka-broker',
      'kafka-consumer',
      'load-generator',
      'memory',
      'mysql-buffer-pool',
      'mysql-connections',
      'mysql-row-locks',
      'node-cpu',
      'redis-clients',
      'redis-main-thread',
      'redis-memory',
      'tomcat-threads',
    ]);
    expect(recorded.map(({ record }: Manifest) => record)).toEqual(recorded.map(() => 'resource:pressure:ratio'));
  });
});
