import type { RecordingCase } from '../case.ts';
import { gives, pressureOf, type Series } from '../pressure.ts';

/** How near what services and load tests can run out of is to its knee, which is at 1. */

const ofPod = (service: string, pod: string) => `service="${service}",namespace="n",pod="${pod}"`;
const ofContainer = (service: string, pod: string, container = 'c') =>
  `${ofPod(service, pod)},container="${container}"`;

/** CPU seconds between two samples, of which 15 are one core, over two cores; the pod counts them again. */
const cpu = (
  service: string,
  pod: string,
  seconds: number,
  samples = (growth: number) => `0+${growth}x20`,
): Series => ({
  [`container_cpu_usage_seconds_total{${ofContainer(service, pod)},cpu="0"}`]: samples(seconds / 3),
  [`container_cpu_usage_seconds_total{${ofContainer(service, pod)},cpu="1"}`]: samples((seconds * 2) / 3),
  [`container_cpu_usage_seconds_total{${ofContainer(service, pod, '')},cpu="0"}`]: samples(seconds),
});
const memory = (service: string, pod: string, bytes: string): Series => ({
  [`container_memory_working_set_bytes{${ofContainer(service, pod)}}`]: bytes,
  [`container_memory_working_set_bytes{${ofContainer(service, pod, '')}}`]: bytes,
});
/** Of the container, and of what may not be taken for one. */
const limit = (service: string, pod: string, resource: 'cpu' | 'memory', most: string): Series => {
  const of = (container: string, kind: string) =>
    `kube_pod_container_resource_limits{${ofContainer(service, pod, container)},resource="${kind}"}`;
  return {
    [of('c', resource)]: most,
    [of('', resource)]: '0.1x20',
    [of('c', resource === 'cpu' ? 'memory' : 'cpu')]: '77x20',
  };
};

const ofCpu = pressureOf('cpu', 'utilization', 'service');
const ofMemory = pressureOf('memory', 'utilization', 'service');

const containers: readonly RecordingCase[] = [
  gives(ofCpu, 'of the pod that is nearest, 1 at 80 % of its limit', { a: 1, b: 0.5, small: 1 }, [
    cpu('a', 'p1', 12),
    limit('a', 'p1', 'cpu', '1x20'),
    cpu('a', 'p2', 9),
    limit('a', 'p2', 'cpu', '1x20'),
    cpu('b', 'p3', 6),
    limit('b', 'p3', 'cpu', '1x20'),
    // What a pod had before it was made anew under its name.
    { [`kube_pod_container_resource_limits{${ofContainer('b', 'p3')},resource="cpu",uid="before"}`]: '0.4x20' },
    cpu('small', 'p4', 0.6),
    limit('small', 'p4', 'cpu', '0.05x20'),
  ]),
  gives(ofCpu, '0 while idle', { a: 0 }, [cpu('a', 'p', 0), limit('a', 'p', 'cpu', '1x20')]),
  gives(ofCpu, 'none without a limit', {}, [cpu('a', 'p', 12), limit('a', 'other', 'cpu', '1x20')]),
  gives(ofCpu, 'none by a limit of nothing', {}, [cpu('a', 'p', 12), limit('a', 'p', 'cpu', '0x20')]),
  gives(ofCpu, 'none of what belongs to no service', {}, [cpu('', 'p', 12), limit('', 'p', 'cpu', '1x20')]),
  gives(ofCpu, 'no more than was used by a process that started anew', { a: 0.667 }, [
    cpu('a', 'p', 12, (growth) => `0+${growth}x17 0+${growth}x2`),
    limit('a', 'p', 'cpu', '1x20'),
  ]),
  gives(ofMemory, 'of the pod that is nearest, 1 at 90 % of its limit', { a: 1, b: 0.5, small: 1 }, [
    memory('small', 'p4', '0.045x20'),
    limit('small', 'p4', 'memory', '0.05x20'),
    memory('a', 'p1', '90x20'),
    limit('a', 'p1', 'memory', '100x20'),
    memory('a', 'p2', '63x20'),
    limit('a', 'p2', 'memory', '100x20'),
    // A container that was restarted is there twice.
    memory('b', 'p3', '45x20'),
    { [`container_memory_working_set_bytes{${ofContainer('b', 'p3')},id="before"}`]: '30x20' },
    limit('b', 'p3', 'memory', '100x20'),
    { [`kube_pod_container_resource_limits{${ofContainer('b', 'p3')},resource="memory",uid="before"}`]: '60x20' },
  ]),
  gives(ofMemory, 'none of a container that is gone', {}, [
    memory('a', 'p', '90x10 stale'),
    limit('a', 'p', 'memory', '100x20'),
  ]),
  gives(ofMemory, 'none by a limit of nothing', {}, [memory('a', 'p', '90x20'), limit('a', 'p', 'memory', '0x20')]),
  gives(ofMemory, 'none of what belongs to no service', {}, [
    memory('', 'p', '90x20'),
    limit('', 'p', 'memory', '100x20'),
  ]),
];

const periods = (labels: string, stopped: string, all: string): Series => ({
  [`container_cpu_cfs_throttled_periods_total{${labels}}`]: stopped,
  [`container_cpu_cfs_periods_total{${labels}}`]: all,
});

const throttling: readonly RecordingCase[] = [
  gives(
    pressureOf('cpu', 'saturation', 'service'),
    'of the container that is nearest, 1 where it was stopped in a quarter of the periods',
    { a: 1, seldom: 0.8 },
    [
      periods(ofContainer('a', 'p1'), '0+10x20', '0+60x20'),
      // Its cgroup after a restart.
      periods(`${ofContainer('a', 'p1')},id="anew"`, '0+15x20', '0+40x20'),
      periods(ofContainer('a', 'p2'), '0+20x20', '0+100x20'),
      periods(ofContainer('a', 'p1', ''), '0+100x20', '0+100x20'),
      periods(ofContainer('', 'p3'), '0+100x20', '0+100x20'),
      periods(ofContainer('seldom', 'p4'), '0+0.2x20', '0+1x20'),
      periods(ofContainer('never', 'p5'), '20x20', '100x20'),
    ],
  ),
];

const node = (id: string, cpu = '0') => `container_cpu_usage_seconds_total{id="${id}",instance="a",cpu="${cpu}"}`;

const nodes: readonly RecordingCase[] = [
  gives(pressureOf('node-cpu', 'utilization', 'instance'), '1 at 90 % of its cores, however few', { a: 1, few: 1 }, [
    {
      'container_cpu_usage_seconds_total{id="/",instance="few",cpu="0"}': '0+0.675x20',
      'machine_cpu_cores{instance="few"}': '0.05x20',
      [node('/')]: '0+20x20',
      [node('/', '1')]: '0+7x20',
      [node('/kubepods')]: '0+25x20',
      'machine_cpu_cores{instance="a",boot_id="now"}': '2x20',
      // It had one core less before it was started anew.
      'machine_cpu_cores{instance="a",boot_id="before"}': '1x20',
      'container_cpu_usage_seconds_total{id="/",instance="b",cpu="0"}': '0+5x20',
      'machine_cpu_cores{instance="b"}': '0x20',
    },
  ]),
];

/** Of two pods, of which the second is further from the knee. */
const pods = (metric: string, more: string, first: string, second: string): Series => ({
  [`${metric}{${ofPod('a', 'p1')}${more}}`]: first,
  [`${metric}{${ofPod('a', 'p2')}${more}}`]: second,
});
/** Of a pod that may have none of it, and of one that may have little. */
const none = (metric: string, samples: string): Series => ({ [`${metric}{${ofPod('none', 'p3')}}`]: samples });
const few = (metric: string, samples: string): Series => ({ [`${metric}{${ofPod('few', 'p4')}}`]: samples });

const processes: readonly RecordingCase[] = [
  gives(
    pressureOf('hikari-pool', 'utilization', 'service'),
    'of the pod that is nearest, 1 at 90 % of the time',
    { a: 1, few: 1 },
    [
      pods('hikaricp_connections_usage_seconds_sum', ',pool="x"', '0+90x20', '0+60x20'),
      pods('hikaricp_connections_usage_seconds_sum', ',pool="y"', '0+45x20', '0+60x20'),
      pods('hikaricp_connections_max', ',pool="x"', '7x20', '5x20'),
      pods('hikaricp_connections_max', ',pool="y"', '3x20', '5x20'),
      none('hikaricp_connections_usage_seconds_sum', '0+15x20'),
      none('hikaricp_connections_max', '0x20'),
      few('hikaricp_connections_usage_seconds_sum', '0+0.675x20'),
      few('hikaricp_connections_max', '0.05x20'),
    ],
  ),
  gives(
    pressureOf('hikari-pool', 'saturation', 'service'),
    '1 where a fifth as many wait as there are',
    { a: 1, few: 1 },
    [
      pods('hikaricp_connections_pending', ',pool="x"', '1.5x20', '1x20'),
      pods('hikaricp_connections_pending', ',pool="y"', '0.5x20', '0x20'),
      pods('hikaricp_connections_max', ',pool="x"', '7x20', '5x20'),
      pods('hikaricp_connections_max', ',pool="y"', '3x20', '5x20'),
      none('hikaricp_connections_pending', '2x20'),
      none('hikaricp_connections_max', '0x20'),
      few('hikaricp_connections_pending', '0.01x20'),
      few('hikaricp_connections_max', '0.05x20'),
    ],
  ),
  gives(
    pressureOf('tomcat-threads', 'utilization', 'service'),
    'of the pod that is nearest, 1 at 90 %',
    { a: 1, few: 1 },
    [
      pods('tomcat_threads_busy_threads', '', '9x20', '5x20'),
      pods('tomcat_threads_config_max_threads', '', '10x20', '10x20'),
      none('tomcat_threads_busy_threads', '5x20'),
      none('tomcat_threads_config_max_threads', '0x20'),
      few('tomcat_threads_busy_threads', '0.045x20'),
      few('tomcat_threads_config_max_threads', '0.05x20'),
    ],
  ),
  gives(pressureOf('jvm-heap', 'utilization', 'service'), '1 at 85 % after a collection', { a: 1 }, [
    pods('jvm_memory_usage_after_gc', ',area="heap"', '0.85x20', '0.5x20'),
    pods('jvm_memory_usage_after_gc', ',area="nonheap"', '0.95x20', '0.95x20'),
  ]),
  gives(pressureOf('jvm-heap', 'saturation', 'service'), '1 in pauses for a tenth of the time', { a: 1 }, [
    pods('jvm_gc_pause_seconds_sum', ',gc="young"', '0+0.9x20', '0+0.7x20'),
    pods('jvm_gc_pause_seconds_sum', ',gc="old"', '0+0.6x20', '0+0.7x20'),
  ]),
  gives(pressureOf('event-loop', 'saturation', 'service'), '1 where it is late by 100 ms', { a: 1 }, [
    pods('nodejs_eventloop_lag_p99_seconds', '', '0.1x20', '0.02x20'),
  ]),
  gives(pressureOf('kafka-consumer', 'utilization', 'service'), '1 where it is busy for 95 % of the time', { a: 1 }, [
    pods('kafka_consumer_poll_idle_ratio_avg', '', '0.05x20', '0.6x20'),
  ]),
  gives(pressureOf('kafka-broker', 'saturation', 'service'), '1 where it makes a producer wait for 50 ms', { a: 1 }, [
    pods('kafka_producer_produce_throttle_time_avg', '', '50x20', '20x20'),
  ]),
];

const iterations = (testid: string, [dropped, done]: readonly [string, string], scenario = 'x'): Series => ({
  [`k6_dropped_iterations_total{testid="${testid}",scenario="${scenario}"}`]: dropped,
  [`k6_iterations_total{testid="${testid}",scenario="${scenario}"}`]: done,
});

const messages = (testid: string, [dropped, due]: readonly [string, string], instance = 'x'): Series => ({
  [`kafka_bot_messages_dropped_total{testid="${testid}",instance="${instance}"}`]: dropped,
  [`kafka_bot_messages_due_total{testid="${testid}",instance="${instance}"}`]: due,
});

const generators: readonly RecordingCase[] = [
  gives(
    pressureOf('load-generator', 'errors', 'testid'),
    '1 where it drops one in a hundred iterations',
    { a: 1, small: 50 },
    [
      iterations('a', ['0+10x20', '0+700x20']),
      iterations('a', ['0+5x20', '0+785x20'], 'y'),
      iterations('small', ['0+0.4x20', '0+0.4x20']),
      iterations('ended', ['9x20', '9x20']),
    ],
  ),
  gives(
    pressureOf('load-generator', 'errors', 'testid'),
    '1 where Kafka bots drop one in a hundred messages that are due',
    { a: 1, small: 50 },
    [
      messages('a', ['0+10x20', '0+700x20']),
      messages('a', ['0+5x20', '0+800x20'], 'y'),
      messages('small', ['0+0.4x20', '0+0.8x20']),
      messages('ended', ['9x20', '9x20']),
    ],
  ),
];

export const resources: readonly RecordingCase[] = [
  ...containers,
  ...throttling,
  ...nodes,
  ...processes,
  ...generators,
];
