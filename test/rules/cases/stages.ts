import type { RecordingCase } from '../case.ts';

/** Where the time of a request goes, as a service with two pods counts it: twenty requests in a second. */

const record = 'service:stage_seconds:mean';
/** To a tenth of a millisecond. */
const query = `round(${record}, 0.0001)`;

/** Seconds that each of two pods spends in a stage, in a second. */
const both = (name: string, a: number, b: number, labels = '') => {
  const growing = (perSecond: number) => `0+${Number((15 * perSecond).toPrecision(9))}x20`;
  return {
    [`${name}{service="shop",pod="a"${labels}}`]: growing(a),
    [`${name}{service="shop",pod="b"${labels}}`]: growing(b),
  };
};

const requests = {
  ...both('http_server_requests_seconds_count', 5, 15, ',uri="/products"'),
  ...both('http_server_requests_seconds_sum', 1, 3, ',uri="/products"'),
  // Prometheus' own requests.
  ...both('http_server_requests_seconds_count', 100, 100, ',uri="/actuator/prometheus"'),
  ...both('http_server_requests_seconds_sum', 100, 100, ',uri="/actuator/prometheus"'),
};

const gives = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([stage, value]) => ({ labels: { service: 'shop', stage }, value }));

export const stages: readonly RecordingCase[] = [
  {
    record,
    query,
    when: 'is the time of all pods by the requests of all pods, and what is left is computing',
    series: {
      ...requests,
      ...both('hikaricp_connections_acquire_seconds_sum', 0.1, 0.3),
      ...both('hikaricp_connections_usage_seconds_sum', 0.5, 1.5),
      ...both('lettuce_command_completion_seconds_sum', 0.2, 0.6),
      ...both('http_client_requests_seconds_sum', 0.05, 0.15),
    },
    gives: gives({ total: 0.2, 'pool-wait': 0.02, database: 0.1, cache: 0.04, downstream: 0.01, compute: 0.03 }),
  },
  {
    record,
    query,
    when: 'is computing where there is nothing else',
    series: requests,
    gives: gives({ total: 0.2, compute: 0.2 }),
  },
  {
    record,
    query,
    when: 'computes no less than nothing, whatever runs beside the requests',
    series: { ...requests, ...both('hikaricp_connections_usage_seconds_sum', 2, 3) },
    gives: gives({ total: 0.2, database: 0.25, compute: 0 }),
  },
  {
    record,
    query,
    when: 'is of few requests, too',
    series: {
      ...both('http_server_requests_seconds_count', 0.02, 0.03, ',uri="/products"'),
      ...both('http_server_requests_seconds_sum', 0.02, 0.03, ',uri="/products"'),
      ...both('hikaricp_connections_acquire_seconds_sum', 0.01, 0.015),
      ...both('hikaricp_connections_usage_seconds_sum', 0.005, 0.0075),
      ...both('lettuce_command_completion_seconds_sum', 0.001, 0.0015),
      ...both('http_client_requests_seconds_sum', 0.002, 0.003),
    },
    gives: gives({ total: 1, 'pool-wait': 0.5, database: 0.25, cache: 0.05, downstream: 0.1, compute: 0.1 }),
  },
  {
    record,
    query,
    when: 'is none while nothing is asked',
    series: {
      ...both('http_server_requests_seconds_count', 0, 0, ',uri="/products"'),
      ...both('http_server_requests_seconds_sum', 0, 0, ',uri="/products"'),
      ...both('hikaricp_connections_acquire_seconds_sum', 1, 1),
      ...both('hikaricp_connections_usage_seconds_sum', 1, 1),
      ...both('lettuce_command_completion_seconds_sum', 1, 1),
      ...both('http_client_requests_seconds_sum', 1, 1),
    },
    gives: [],
  },
];
