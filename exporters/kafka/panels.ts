import { limitsOf } from '../../model/budget.ts';
import { budgetLines } from '../../model/budget-lines.ts';
import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { max, select, sum } from '../../model/promql.ts';
import { consumed, lag, lagSeconds, metrics, produced } from './lag.ts';

/** What of Kafka a person looks at. */
export const panels = ({ budgets }: Config): Panel[] => [
  {
    title: 'Kafka: consumer lag',
    description:
      'Messages a consumer group has yet to read, by topic. A level is a delay; a slope means the group cannot keep up with the load, however low the line still is.',
    type: 'timeseries',
    unit: 'short',
    thresholds: limitsOf(budgets, 'lag'),
    boards: ['overview', 'bottleneck'],
    queries: [{ expr: lag, legend: '{{consumergroup}} / {{topic}}' }, ...budgetLines(budgets, 'lag', 'consumerGroup')],
  },
  {
    title: 'Lag in seconds',
    description:
      'How long a group needs for its backlog at the pace at which it reads now. This is what a user waits for: a long line with a fast consumer is less than a short one with a slow.',
    type: 'timeseries',
    unit: 's',
    thresholds: limitsOf(budgets, 'lag_seconds'),
    boards: ['bottleneck'],
    queries: [{ expr: lagSeconds(), legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Growth of the lag',
    description:
      'Messages per second that come in and are not read. Above 0 for longer than a burst, the group is too slow: add consumers up to the number of partitions, or make them faster.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: `deriv((${lag})[$__rate_interval:])`, legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Messages produced',
    description:
      'Messages per second that were appended to each topic. Compare with the requests that should cause them.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: produced(), legend: '{{topic}}' }],
  },
  {
    title: 'Messages consumed',
    description:
      'Messages per second that each group has committed. Commits come in batches, so a short window zigzags; what counts is whether it keeps level with what is produced.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: consumed(), legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Consumers and partitions',
    description:
      'Members of a group beyond the partitions of its topic sit idle; a group that loses members is rebalancing, and reads nothing meanwhile. Groups of the newest protocol show none.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    queries: [
      { expr: max(select(metrics.members), 'instance', 'consumergroup'), legend: '{{consumergroup}} members' },
      { expr: max(select(metrics.partitions), 'instance', 'topic'), legend: '{{topic}} partitions', dashed: true },
    ],
  },
  {
    title: 'Under-replicated partitions',
    description:
      'Partitions of which a replica is behind or gone. Above 0, producers that wait for all replicas slow down, and the next broker that fails may lose messages.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [
      {
        expr: sum(max(select(metrics.underReplicated), 'instance', 'topic', 'partition'), 'instance'),
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Brokers',
    description:
      'Brokers that the exporter has seen. Fewer than there should be: look at their pods before anything else.',
    type: 'stat',
    unit: 'short',
    queries: [{ expr: max(select(metrics.brokers), 'instance'), legend: '{{instance}}' }],
  },
];
