import { type Matchers, selector, sum } from '../model/promql.ts';

/** What is asked of a run about each of its endpoints, or the topics of a Kafka bot. */
export interface EndpointQueries {
  /** Labels of the answers: that with the name, and those that tell further. */
  readonly by: readonly string[];
  /** PromQL at the end of the run, with its id as $testid and its length as $__range: the totals. */
  readonly requests: string;
  readonly failed: string;
  /** Response times of $endpoint by $method in the last $slice, as a native histogram; left out: there are none. */
  readonly latency?: string;
}

/** Counters of what makes load start at 0 with the run, so that the last value is the total. */
const total = (name: string, matchers: Matchers<string> = {}, offset = '') =>
  `last_over_time(${selector(name, { testid: '=$testid', ...matchers })}[$__range]${offset})`;

/** Requests of the setup have no scenario. */
const ofScenarios = { scenario: '!=' } as const;
const byName = ['name', 'method'] as const;
const histogram = (offset?: string) =>
  sum(total('k6_http_req_duration_seconds', { ...ofScenarios, name: '=$endpoint', method: '=$method' }, offset));

const ofK6: EndpointQueries = {
  by: byName,
  requests: sum(total('k6_http_reqs_total', ofScenarios), ...byName),
  failed: sum(total('k6_http_reqs_total', { ...ofScenarios, expected_response: '=false' }), ...byName),
  // A slice holds two or three pushes of each runner: `increase` would count what lies between them, and guess the rest.
  // In the first one there is nothing before.
  latency: `${histogram()} - ${histogram(' offset $slice')} or ${histogram()}`,
};

const sent = sum(total('kafka_bot_messages_sent_total'), 'topic');
const givenUp = sum(total('kafka_bot_messages_failed_total'), 'topic');

const ofKafkaBot: EndpointQueries = {
  by: ['topic'],
  requests: `${sent} + (${givenUp} or 0 * ${sent})`,
  failed: `${givenUp} or 0 * ${sent}`,
};

/** By the program that makes the load. */
export const endpointQueries = { k6: ofK6, 'kafka-bot': ofKafkaBot } as const satisfies Record<string, EndpointQueries>;
