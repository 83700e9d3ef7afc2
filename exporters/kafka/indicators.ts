import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { ruleWindow } from '../../model/promql.ts';
import { lagOf, lagSeconds, ofGroup, secondsFor } from './lag.ts';
import { recorded } from './recordings.ts';

/** How far behind a group of consumers is. */
export function indicators(config: Config): Indicator[] {
  const subjects = { consumerGroup: 'consumergroup', topic: 'topic' };
  const of = 'group {{ $labels.consumergroup }} on {{ $labels.topic }}';
  return [
    {
      indicator: 'lag',
      subjects,
      each: ofGroup,
      now: recorded.lag,
      ofRun: (matchers) => `max_over_time((${lagOf(matchers)})[$__range:15s])`,
      alert: {
        alert: 'KafkaLagHigh',
        for: '1m',
        of,
        description:
          'This many messages are waiting to be read. A steady lag is a delay, a growing one is a group that cannot keep up: look at how fast it grows, then at what its consumers wait for.',
      },
    },
    {
      indicator: 'lag_seconds',
      subjects,
      each: ofGroup,
      now: (matchers) => secondsFor(recorded.lag(matchers), recorded.consumed(matchers)),
      ofRun: (matchers) => `max_over_time((${lagSeconds(ruleWindow(config), matchers)})[$__range:15s])`,
      alert: {
        alert: 'KafkaLagSecondsHigh',
        for: '1m',
        of,
        description:
          'At its present pace the group needs this long to work off its backlog. Make its consumers faster, or add more of them, up to the number of partitions.',
      },
    },
  ];
}
