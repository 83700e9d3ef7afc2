import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { ruleWindow } from '../../model/promql.ts';
import { lagOf, lagSeconds, type OfGroup, ofGroup } from './lag.ts';

/** How far behind a group of consumers is. */
export function indicators(config: Config): Indicator[] {
  const subjects = { consumerGroup: 'consumergroup', topic: 'topic' };
  const of = 'group {{ $labels.consumergroup }} on {{ $labels.topic }}';
  const seconds = (matchers: OfGroup) => lagSeconds(ruleWindow(config), matchers);
  return [
    {
      indicator: 'lag',
      subjects,
      each: ofGroup,
      now: lagOf,
      ofRun: (matchers) => `max_over_time((${lagOf(matchers)})[$__range:15s])`,
      alert: {
        alert: 'KafkaLagHigh',
        for: '1m',
        of,
        description:
          'So many messages are yet to be read. A level is a delay, a slope a group that cannot keep up: look at the growth of the lag, then at what its consumers wait for.',
      },
    },
    {
      indicator: 'lag_seconds',
      subjects,
      each: ofGroup,
      now: seconds,
      ofRun: (matchers) => `max_over_time((${seconds(matchers)})[$__range:15s])`,
      alert: {
        alert: 'KafkaLagSecondsHigh',
        for: '1m',
        of,
        description:
          'At the pace at which the group reads now, it needs so long for its backlog. Add consumers up to the number of partitions, or make them faster.',
      },
    },
  ];
}
