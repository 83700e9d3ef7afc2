import type { Alert } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { group, increase, last, max, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import { memory } from './indicators.ts';
import { metrics } from './metrics.ts';

const run = ['testid', 'service'] as const;
const bot = [...run, 'instance'] as const;
const topic = [...run, 'topic'] as const;

/** What is the matter with a run of the Kafka bot, or with the cluster that it sends to, beside its budgets. */
export function alerts(config: Config): Alert[] {
  const window = ruleWindow(config);
  const lateness = select(metrics.lateness);
  return [
    {
      alert: 'KafkaBotCircuitOpen',
      // A breaker that lets one request try is not open for that moment.
      expr: `${sum(increase(metrics.breakerOpened, {}, window), ...bot)} > 0 or ${max(select(metrics.breaker, { state: '=open' }), ...bot)} > 0`,
      for: '0s',
      severity: 'warning',
      summary: 'Kafka bot {{ $labels.testid }} has stopped sending: its circuit breaker is open',
      description:
        'Too many requests of {{ $labels.instance }} have failed in a row, and it waits before it tries another. Messages go on to be due, so that its backlog and its latency grow. Look at the errors by reason, then at the brokers.',
    },
    {
      alert: 'KafkaBotBacklogGrowing',
      expr: `${lateness} > 10 and deriv(${lateness}[${window}]) > 0.1`,
      for: '30s',
      severity: 'warning',
      summary: 'Kafka bot {{ $labels.testid }} falls ever further behind',
      description:
        'The oldest message that {{ $labels.instance }} has yet to get rid of has been due for {{ $value | humanizeDuration }}, and that grows. The cluster takes less than is sent, or the bot has too little CPU: this is the capacity of one of the two. What comes due when the backlog is full is dropped.',
    },
    {
      alert: 'KafkaBotDropped',
      // Of the whole run: its counters start at 0, and the first drop of a burst is lost on a rate.
      expr: `${ratio(sum(last(metrics.dropped, {}, window), ...run), sum(last(metrics.due, {}, window), ...run))} > 0.01`,
      for: '30s',
      severity: 'warning',
      summary: 'Kafka bot {{ $labels.testid }} makes less load than it should',
      description:
        '{{ $value | humanizePercentage }} of the messages that were due since its start found the backlog full, and were not sent. Those would have waited longest: latency is reported too low, and the run is invalid. The cluster does not take this rate, or the bots are too few for it.',
    },
    {
      alert: 'KafkaBotMessagesCorrupted',
      expr: `${sum(last(metrics.corrupted, {}, memory), ...topic)} > 0`,
      for: '0s',
      severity: 'critical',
      summary: 'Topic {{ $labels.topic }} has other messages than Kafka bot {{ $labels.testid }} sent',
      description:
        'Of {{ $value | printf "%.0f" }} messages the value is not the one that was sent, by its checksum. Look for what writes under the headers of the bot, or between it and the disks of the brokers.',
    },
    {
      alert: 'KafkaBotMessagesDuplicated',
      // Without idempotence a request that is tried again may well be there twice.
      expr: `${sum(last(metrics.duplicated, {}, memory), ...topic)} > 0 and on (testid) ${group(last(metrics.info, { idempotent: '=true' }, memory), 'testid')}`,
      for: '0s',
      severity: 'warning',
      summary: 'Topic {{ $labels.topic }} has messages of Kafka bot {{ $labels.testid }} twice',
      description:
        'It has {{ $value | printf "%.0f" }} more than were sent, though the producers are idempotent, which is to keep a retry from being written again. A consumer that cannot bear that needs a key of its own.',
    },
  ];
}
