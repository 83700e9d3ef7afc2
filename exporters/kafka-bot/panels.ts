import { limitsOf } from '../../model/budget.ts';
import { budgetLines } from '../../model/budget-lines.ts';
import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import { partsOf } from '../../model/metric.ts';
import type { Panel, Query } from '../../model/panel.ts';
import { last, max, quantile, rate, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** The runs that are looked at. */
const ofRun = { testid: '=~$testid' } as const;

const [sending, endToEnd] = [partsOf(metrics.duration), partsOf(metrics.endToEnd)];
const row = 'Kafka';

const percentilesOf = (buckets: string): Query[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, buckets), legend: `p${q * 100}` }));

/** Of what has not happened yet, a 0 under the label that it would have. */
const byReason = (perSecond: string) =>
  `(${sum(perSecond, 'reason')} or on () 0 * label_replace(vector(1), "reason", "none", "", ""))`;

/** What a bot was to send, what became of it, and who has read it. */
export const panels = ({ budgets }: Config): Panel[] => [
  {
    title: 'Kafka bot: messages per second',
    description:
      'What is asked for, what is due, and what the brokers acknowledge, over all bots. Acknowledged below due is a backlog that grows; above it, one that is worked off.',
    type: 'timeseries',
    unit: 'mps',
    thresholds: limitsOf(budgets, 'throughput'),
    boards: ['overview', 'bottleneck'],
    row,
    queries: [
      { expr: sum(select(metrics.targetRate, ofRun)), legend: 'asked for', dashed: true },
      { expr: sum(rate(metrics.due, ofRun)), legend: 'due' },
      { expr: sum(rate(metrics.sent, ofRun)), legend: 'acknowledged' },
      { expr: sum(select(metrics.actualRate, ofRun)), legend: 'acknowledged in the last second' },
    ],
  },
  {
    title: 'Kafka bot: send latency',
    description:
      'From when a message was due to its acknowledgment, so that what waits in the bot is in it: of all bots together, merged from their histograms. High with an empty backlog, it is the brokers’ own time.',
    type: 'timeseries',
    unit: 's',
    thresholds: limitsOf(budgets, 'p95'),
    boards: ['overview', 'bottleneck'],
    row,
    queries: [...percentilesOf(sum(rate(sending.bucket, ofRun), 'le')), ...budgetLines(budgets, 'p95', 'topic')],
  },
  {
    title: 'Kafka bot: p95 by topic',
    description:
      'One message in twenty took longer than this. One topic that is slower than the others has larger messages, more replicas, or its leaders on a broker that is slow.',
    type: 'timeseries',
    unit: 's',
    thresholds: limitsOf(budgets, 'p95'),
    row,
    queries: [
      { expr: quantile(0.95, sum(rate(sending.bucket, ofRun), 'topic', 'le')), legend: '{{topic}}' },
      ...budgetLines(budgets, 'p95', 'topic'),
    ],
  },
  {
    title: 'Backlog of the Kafka bot',
    description:
      'Messages that are due and not acknowledged. Some are always under way; a line that climbs is a cluster that takes less than is sent, or a breaker that is open. When it is full, messages are dropped.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    row,
    queries: [{ expr: max(select(metrics.backlog, ofRun), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Age of the backlog',
    description:
      'For how long the oldest message of the backlog has been due. It climbs by a second per second while nothing goes through, and falls at once when the backlog is worked off.',
    type: 'timeseries',
    unit: 's',
    thresholds: { warning: 10 },
    boards: ['bottleneck'],
    row,
    queries: [{ expr: max(select(metrics.lateness, ofRun), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Circuit breaker of the Kafka bot',
    description:
      'Green while it is closed and all is sent, red while it is open and nothing is, yellow while one request tries whether the brokers are back.',
    type: 'status-history',
    unit: 'none',
    thresholds: { warning: 1, critical: 2 },
    boards: ['bottleneck'],
    row,
    queries: [
      {
        expr: `2 * ${max(select(metrics.breaker, { ...ofRun, state: '=open' }), 'instance')} + ${max(select(metrics.breaker, { ...ofRun, state: '=half_open' }), 'instance')}`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Errors of the Kafka bot',
    description:
      'Requests that failed per second, by what went wrong, those that were sent again, and messages that were given up. Failures that are all sent again cost time; what is given up is not in the topic.',
    type: 'timeseries',
    unit: 'cps',
    boards: ['bottleneck'],
    row,
    queries: [
      { expr: byReason(rate(metrics.errors, ofRun)), legend: 'failed: {{reason}}' },
      { expr: sum(rate(metrics.retries, ofRun)), legend: 'sent again' },
      { expr: byReason(rate(metrics.failed, ofRun)), legend: 'given up: {{reason}}' },
    ],
  },
  {
    title: 'Messages acknowledged and read',
    description:
      'Over the whole run: what the brokers have acknowledged, and what the verifier has read of it. It reads beside the load and behind it, until it has all, or finds that some is not there.',
    type: 'stat',
    unit: 'short',
    boards: ['bottleneck'],
    row,
    queries: [
      { expr: sum(last(metrics.sent, ofRun)), legend: 'acknowledged', instant: true },
      { expr: sum(last(metrics.received, ofRun)), legend: 'read', instant: true },
    ],
  },
  {
    title: 'Messages lost, duplicated, reordered, corrupted',
    description:
      'Over the whole run, what the verifier found. Lost is known when everything is read, and shown from then on. Without idempotence a message that was sent again may be there twice, or behind a later one.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    row,
    queries: [
      { expr: sum(last(metrics.lost, ofRun)), legend: 'lost', instant: true },
      { expr: sum(last(metrics.duplicated, ofRun)), legend: 'duplicated', instant: true },
      { expr: sum(last(metrics.reordered, ofRun)), legend: 'reordered', instant: true },
      { expr: sum(last(metrics.corrupted, ofRun)), legend: 'corrupted', instant: true },
    ],
  },
  {
    title: 'Kafka bot: end-to-end latency',
    description:
      'From when a message was due to when the verifier had read it. What is above the send latency is the way out: replication, and a consumer that fetches in batches.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    row,
    queries: percentilesOf(sum(rate(endToEnd.bucket, ofRun), 'le')),
  },
  {
    title: 'Lag of the watched groups',
    description:
      'Messages that the consumer groups have yet to commit that the bot waits for, as it sees them itself. They have to come back to 0 behind the load.',
    type: 'timeseries',
    unit: 'short',
    thresholds: limitsOf(budgets, 'lag'),
    boards: ['bottleneck'],
    row,
    queries: [
      { expr: max(select(metrics.groupLag, ofRun), 'consumergroup', 'topic'), legend: '{{consumergroup}} / {{topic}}' },
    ],
  },
  {
    title: 'Lag of the watched groups in seconds',
    description:
      'How old the oldest message is that a group has yet to commit: by the time in the message, not by the pace of the group. This is how late the consumer acts.',
    type: 'timeseries',
    unit: 's',
    thresholds: limitsOf(budgets, 'lag_seconds'),
    boards: ['bottleneck'],
    row,
    queries: [
      {
        expr: max(select(metrics.groupLagSeconds, ofRun), 'consumergroup', 'topic'),
        legend: '{{consumergroup}} / {{topic}}',
      },
    ],
  },
  {
    title: 'Time to work off the load',
    description:
      'From the end of the load until a group had committed all of it. None for a group that did not get there in the time that it has.',
    type: 'stat',
    unit: 's',
    boards: ['bottleneck'],
    row,
    queries: [
      { expr: max(last(metrics.groupDrained, ofRun), 'consumergroup'), legend: '{{consumergroup}}', instant: true },
    ],
  },
  {
    title: 'Messages due and dropped',
    description:
      'What the bots were to send, and what of it found the backlog full. Above 0 the run has less load than it should, and the latency that is missing is the longest.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    row: 'Load generator',
    queries: [
      { expr: sum(rate(metrics.due, ofRun)), legend: 'due' },
      { expr: sum(rate(metrics.dropped, ofRun)), legend: 'dropped' },
    ],
  },
];
