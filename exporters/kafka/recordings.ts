import type { Config } from '../../model/config.ts';
import { ruleWindow, selector } from '../../model/promql.ts';
import type { Recording } from '../../model/recording.ts';
import { consumed, lag, type OfGroup, produced } from './lag.ts';

const names = {
  lag: 'consumergroup_topic:kafka_lag:sum',
  consumed: 'consumergroup_topic:kafka_consumed:deriv',
  produced: 'topic:kafka_produced:deriv',
};

/** Recorded, because most rules about Kafka read one of them, and put together as many series as there are partitions. */
export function recordings(config: Config): Recording[] {
  const window = ruleWindow(config);
  return [
    { record: names.lag, expr: lag },
    { record: names.consumed, expr: consumed(window) },
    { record: names.produced, expr: produced(window) },
  ];
}

/** The same for rules: messages a group has yet to read, and messages per second. */
export const recorded = {
  lag: (matchers: OfGroup = {}) => selector(names.lag, matchers),
  consumed: (matchers: OfGroup = {}) => selector(names.consumed, matchers),
  produced: names.produced,
};
