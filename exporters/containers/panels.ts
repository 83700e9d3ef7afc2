import { limitsOf } from '../../model/budget.ts';
import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { increase, max, rate, sum } from '../../model/promql.ts';
import { cpuOfLimit, limit, memory, memoryOfLimit, metrics, nodeCpu, ofContainers, ofPods, throttled } from './use.ts';

/** What of containers a person looks at. */
export const panels = ({ budgets }: Config): Panel[] => [
  {
    title: 'CPU by service',
    description:
      'Cores each service uses, and the limit of its containers. A line that lies flat at its limit is throttled: raise the limit or add replicas before blaming the code.',
    type: 'timeseries',
    unit: 'short',
    boards: ['overview'],
    queries: [
      { expr: sum(rate(metrics.cpu, ofContainers), 'service'), legend: '{{service}}' },
      { expr: limit('cpu'), legend: '{{service}} limit', dashed: true },
    ],
  },
  {
    title: 'Memory by service',
    description:
      'Working set of each service, and the limit of its containers. The kernel kills a container that reaches its limit; a line that only rises under steady load is a leak.',
    type: 'timeseries',
    unit: 'bytes',
    boards: ['overview'],
    queries: [
      { expr: sum(memory(ofContainers), 'service'), legend: '{{service}}' },
      { expr: limit('memory'), legend: '{{service}} limit', dashed: true },
    ],
  },
  {
    title: 'Network by service',
    description:
      'Bytes in (above the axis) and out (below) per second. Compare with the request rate: bytes per request that grow mean larger answers, not more of them.',
    type: 'timeseries',
    unit: 'Bps',
    boards: ['overview'],
    queries: [
      { expr: sum(rate(metrics.received, ofPods), 'service'), legend: '{{service}} in' },
      { expr: `-${sum(rate(metrics.transmitted, ofPods), 'service')}`, legend: '{{service}} out' },
    ],
  },
  {
    title: 'CPU of the limit',
    description:
      'The busiest container of each service. Near 100 % requests queue for CPU; well below it and throttled all the same means bursts that are shorter than this window.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: limitsOf(budgets, 'utilization', 'cpu'),
    boards: ['bottleneck'],
    queries: [{ expr: max(cpuOfLimit(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'CPU throttling',
    description:
      'Share of the periods of 100 ms in which a container had used up its limit and stood still until the next. From a quarter on it shows in the latency: raise the limit, or run fewer threads.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.1, critical: 0.25 },
    boards: ['bottleneck'],
    queries: [{ expr: max(throttled(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Memory of the limit',
    description:
      'Working set of the fullest container of each service. At 100 % the kernel kills it; the page cache, which it could give back, is not counted.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: limitsOf(budgets, 'utilization', 'memory'),
    boards: ['bottleneck'],
    queries: [{ expr: max(memoryOfLimit(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Processes killed for memory',
    description:
      'Every one of them is a restart, and failed requests. Look at the memory of the service before it, and raise the limit or find the leak.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [{ expr: sum(increase(metrics.outOfMemory, ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Network errors',
    description:
      'Packets per second that were broken or dropped, in and out. Normally 0; drops under load mean a queue in the kernel or in the network that is full.',
    type: 'timeseries',
    unit: 'cps',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [
      {
        expr: sum(`${rate(metrics.receiveErrors, ofPods)} + ${rate(metrics.receiveDrops, ofPods)}`, 'service'),
        legend: '{{service}} in',
      },
      {
        expr: sum(`${rate(metrics.transmitErrors, ofPods)} + ${rate(metrics.transmitDrops, ofPods)}`, 'service'),
        legend: '{{service}} out',
      },
    ],
  },
  {
    title: 'CPU of the nodes',
    description:
      'All that runs on a node, of the cores it has. A full node slows every pod on it, the load generators too: add nodes, or put the generators on others.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.7, critical: 0.9 },
    boards: ['bottleneck'],
    queries: [{ expr: nodeCpu(), legend: '{{instance}}' }],
  },
];
