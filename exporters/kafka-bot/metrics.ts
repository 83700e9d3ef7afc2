import { counter, gauge, histogram, late, sparse } from '../../model/metric.ts';

/** Labels of the scrape, and those that the bot puts on all of its series. */
export const run = ['job', 'instance', 'testid', 'service'] as const;

const topic = [...run, 'topic'] as const;
const group = [...run, 'consumergroup', 'topic'] as const;

/** What the Kafka bot exposes: it makes its metrics from these. */
export const metrics = {
  due: counter('kafka_bot_messages_due_total', run, 'Messages whose time to be sent has come.'),
  sent: counter('kafka_bot_messages_sent_total', topic, 'Messages that the brokers acknowledged.'),
  failed: sparse(
    counter('kafka_bot_messages_failed_total', [...topic, 'reason'], 'Messages that were given up, by the reason.'),
  ),
  dropped: counter('kafka_bot_messages_dropped_total', run, 'Messages that were due while the backlog was full.'),
  duration: histogram(
    'kafka_bot_send_duration_seconds',
    [...topic, 'le'],
    'Time from when a message was due to its acknowledgment.',
  ),
  errors: sparse(
    counter(
      'kafka_bot_send_errors_total',
      [...run, 'reason'],
      'Requests that failed, each of which is tried again or given up.',
    ),
  ),
  retries: counter('kafka_bot_send_retries_total', run, 'Requests that were sent again.'),
  targetRate: gauge('kafka_bot_target_rate', run, 'Messages per second that are due just now.'),
  actualRate: gauge('kafka_bot_actual_rate', run, 'Messages per second that were acknowledged in the last second.'),
  loadSeconds: gauge('kafka_bot_load_seconds', run, 'For how long messages have been due; after the load, its length.'),
  backlog: gauge('kafka_bot_backlog_messages', run, 'Messages that are due and not acknowledged yet.'),
  lateness: gauge('kafka_bot_backlog_seconds', run, 'For how long the oldest message of the backlog has been due.'),
  breaker: gauge(
    'kafka_bot_circuit_breaker_state',
    [...run, 'state'],
    'Of closed, open and half_open, the one with 1 is the state of the circuit breaker.',
  ),
  breakerOpened: counter('kafka_bot_circuit_breaker_opened_total', run, 'Times that the circuit breaker opened.'),
  info: gauge('kafka_bot_info', [...run, 'client', 'acks', 'idempotent'], 'How messages are sent; always 1.'),
  received: counter('kafka_bot_messages_received_total', topic, 'Messages of the run that the verifier read.'),
  duplicated: counter('kafka_bot_messages_duplicated_total', topic, 'Messages that it read before.'),
  reordered: counter('kafka_bot_messages_reordered_total', topic, 'Messages that it read after a later one.'),
  corrupted: counter('kafka_bot_messages_corrupted_total', topic, 'Messages whose value is not what was sent.'),
  endToEnd: histogram(
    'kafka_bot_end_to_end_duration_seconds',
    [...topic, 'le'],
    'Time from when a message was due to when the verifier read it.',
  ),
  lost: late(gauge('kafka_bot_messages_lost', topic, 'Messages that were acknowledged and are not in the topic.')),
  groupLag: late(gauge('kafka_bot_group_lag_messages', group, 'Messages that a consumer group has yet to commit.')),
  groupLagSeconds: late(
    gauge('kafka_bot_group_lag_seconds', group, 'Age of the oldest message that a consumer group has yet to commit.'),
  ),
  groupDrained: late(
    gauge(
      'kafka_bot_group_drain_seconds',
      [...run, 'consumergroup'],
      'Time from the end of the load until a consumer group had worked it off.',
    ),
  ),
};

/** Bounds of the buckets of both histograms, in seconds: below 50 ms, where most budgets lie, fine enough to interpolate. */
export const buckets = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 120, 300,
];
