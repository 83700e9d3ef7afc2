import { type Alert, systemDown } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { count, max, ruleWindow, select } from '../../model/promql.ts';
import { metrics } from './lag.ts';
import { recorded } from './recordings.ts';

/** Brokers and members that left within this time are missed; what left earlier is taken to be gone for good. */
const memory = '1h';

/** What of Kafka stops a load test, or spoils its results; how far behind a group may be is a matter of budgets. */
export function alerts(config: Config, health: string): Alert[] {
  const window = ruleWindow(config);
  const brokers = select(metrics.brokers);
  const members = select(metrics.members);
  return [
    systemDown('Kafka', health),
    {
      alert: 'KafkaLagGrowing',
      // Relative to what comes in: commits come in batches, so the lag of a busy topic jumps without growing.
      expr: `deriv(${recorded.lag()}[${window}]) > on (instance, topic) group_left () 0.1 * (${recorded.produced} > 1)`,
      for: '2m',
      severity: 'warning',
      summary: 'Group {{ $labels.consumergroup }} cannot keep up with {{ $labels.topic }}',
      description:
        'For minutes, {{ $value | printf "%.1f" }} messages per second have been left unread, more than a tenth of what comes in. At this load it never catches up: add consumers, up to the number of partitions, or find out what they wait for.',
    },
    {
      alert: 'KafkaConsumerStopped',
      // In a topic that nobody writes to, what is left unread may be the marker at the end of a transaction.
      expr: `${recorded.lag()} > 0 and ${recorded.consumed()} == 0 and on (instance, topic) ${recorded.produced} > 0`,
      for: '1m',
      severity: 'critical',
      summary: 'Group {{ $labels.consumergroup }} reads nothing of {{ $labels.topic }}',
      description:
        '{{ $value | printf "%.0f" }} messages are waiting, more come in, and it commits none. Look at the pods and logs of its consumers: they may have crashed, hang, or fail at the same message again and again.',
    },
    {
      alert: 'KafkaConsumersGone',
      expr: `${recorded.lag()} > 0 and on (instance, consumergroup) ${members} == 0 and on (instance, consumergroup) max_over_time(${members}[${memory}]) > 0`,
      for: '1m',
      severity: 'warning',
      summary: 'Group {{ $labels.consumergroup }} has no consumers left',
      description:
        'It had some within the last hour, and {{ $value | printf "%.0f" }} messages of {{ $labels.topic }} are waiting for it. Check whether its pods run, and whether they can connect to Kafka.',
    },
    {
      alert: 'KafkaUnderReplicated',
      expr: count(`${select(metrics.underReplicated)} > 0`, 'instance', 'topic'),
      for: '1m',
      severity: 'critical',
      summary: 'Topic {{ $labels.topic }} is under-replicated',
      description:
        '{{ $value | printf "%.0f" }} of its partitions have a replica that is behind or gone. Producers that wait for all replicas slow down or fail, and the next broker that fails may take messages with it: check whether a broker is down, then look at disk and network of the one that is behind.',
    },
    {
      alert: 'KafkaPartitionsOffline',
      // Where nobody leads a partition, the exporter leaves out its leader and reports the rest of it as always.
      expr: count(
        `${select(metrics.underReplicated)} unless on (instance, topic, partition) ${select(metrics.leader)}`,
        'instance',
        'topic',
      ),
      for: '1m',
      severity: 'critical',
      summary: 'Topic {{ $labels.topic }} has partitions without a leader',
      description:
        '{{ $value | printf "%.0f" }} of its partitions can be neither written nor read, because every broker with an up-to-date copy is gone. Bring one back, and do not trust what was measured meanwhile.',
    },
    {
      alert: 'KafkaBrokerLost',
      expr: `${max(brokers, 'instance')} < ${max(`max_over_time(${brokers}[${memory}])`, 'instance')}`,
      for: '1m',
      severity: 'critical',
      summary: 'Kafka {{ $labels.instance }} has lost a broker',
      description:
        '{{ $value | printf "%.0f" }} are left. They take over its partitions and its load, so from now on results are those of a smaller cluster: look at its pod.',
    },
  ];
}
