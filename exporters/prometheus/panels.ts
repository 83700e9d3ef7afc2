import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { increase, max, orZero, rate, select, sum, topk } from '../../model/promql.ts';
import { metrics, received } from './metrics.ts';

/** How well Prometheus itself does. */
export const panels: readonly Panel[] = [
  {
    title: 'Targets that are down',
    description:
      'Every panel is only as good as this 0. Look at the page of targets of Prometheus for the last error of each.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    row: 'Tracing and monitoring',
    queries: [{ expr: orZero('count(up == 0)'), legend: 'down' }],
  },
  {
    title: 'Firing alerts',
    description: 'How many alerts fire just now; each is marked on the panels from when to when it did.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['verdict'],
    queries: [{ expr: orZero('count(ALERTS{alertstate="firing"})'), legend: 'firing' }],
  },
  {
    title: 'Samples stored',
    description: 'Per second. A step up with a load test is what k6 pushes; one without is a label with many values.',
    type: 'timeseries',
    unit: 'cps',
    queries: [{ expr: sum(rate(metrics.samples), 'type'), legend: '{{type}}' }],
  },
  {
    title: 'What load generators pushed and lost',
    description:
      'Requests to the receiver that it took and that it refused, and samples that came too late. Above 0, results of a load test are lost.',
    type: 'timeseries',
    unit: 'cps',
    boards: ['bottleneck'],
    row: 'Tracing and monitoring',
    queries: [
      { expr: orZero(sum(rate(metrics.requests, { ...received, code: '=~2..' }))), legend: 'taken' },
      { expr: orZero(sum(rate(metrics.requests, { ...received, code: '!~2..' }))), legend: 'refused' },
      { expr: sum(rate(metrics.tooOld)), legend: 'samples too late' },
    ],
  },
  {
    title: 'Slowest scrapes',
    description:
      'An exporter that answers slowly under load leaves gaps just when they matter; one that takes longer than the scrape interval is down.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    row: 'Tracing and monitoring',
    queries: [{ expr: topk(5, max('scrape_duration_seconds', 'job', 'instance')), legend: '{{job}} {{instance}}' }],
  },
  {
    title: 'Series in memory',
    description: 'A few thousand for a shop of ten services. More take memory: some 8 KiB each.',
    type: 'timeseries',
    unit: 'short',
    queries: [{ expr: max(select(metrics.series), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Memory',
    description:
      'Of the process of Prometheus. Near the limit of its container, raise the profile of the stack to scale.',
    type: 'timeseries',
    unit: 'bytes',
    queries: [{ expr: max(select(metrics.memory), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Disk',
    description: 'What blocks and the write-ahead log take. The oldest blocks go when retention.size is reached.',
    type: 'timeseries',
    unit: 'bytes',
    queries: [
      { expr: max(select(metrics.disk), 'instance'), legend: 'blocks' },
      { expr: max(select(metrics.log), 'instance'), legend: 'write-ahead log' },
    ],
  },
  {
    title: 'Failures of its own',
    description:
      'Rules that could not be evaluated, and a configuration that was not taken: alerts and rankings are then those of before.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    queries: [
      { expr: sum(increase(metrics.ruleFailures)), legend: 'rules' },
      { expr: `1 - ${max(select(metrics.reloaded))}`, legend: 'configuration' },
    ],
  },
];
