import { type ScenarioFacts, type ScenarioName, scenarios } from '../k6-jobs/catalogue.ts';

/** The scenario of every Kafka bot. */
export const kafkaBot = 'kafka-bot';

/** What a load test does: a scenario of k6's, or what the Kafka bot does. */
export type LoadScenario = ScenarioName | typeof kafkaBot;

const ofKafkaBot: ScenarioFacts = {
  description: 'Messages for Kafka, by the clock, with the proof that they arrive.',
  endpoints: [],
  paced: 'rate',
  writes: true,
  users: false,
  parameters: {},
};

export const factsOf = (scenario: LoadScenario): ScenarioFacts =>
  scenario === kafkaBot ? ofKafkaBot : scenarios[scenario];

/** A program that makes load, as far as those have to know it who run it and ask what became of it. */
export interface Generator {
  /** The target that its measurements belong to. */
  readonly job: 'k6' | typeof kafkaBot;
  /** Exit code of one that did its work and has seen its own bounds broken; only 0 is another that says it is through. */
  readonly broken: number;
  /** Pods of a run beside its runners. */
  readonly beside: number;
  /** What it counts, in words, and all of it in a run: PromQL with the run as $testid, its length as $__range. */
  readonly counts: string;
  readonly counted: string;
  /** What there is as long as it runs. */
  readonly presence: string;
}

export const generators = {
  k6: {
    job: 'k6',
    broken: 99,
    beside: 0,
    counts: 'requests',
    // Those of its setup have no scenario.
    counted: 'sum(last_over_time(k6_http_reqs_total{testid="$testid",scenario!=""}[$__range]))',
    // Virtual users are there from the first second of a run to the last, whatever its requests do.
    presence: 'k6_vus',
  },
  [kafkaBot]: {
    job: kafkaBot,
    broken: 1,
    // The verifier, which reads what the others send.
    beside: 1,
    counts: 'messages',
    counted: 'sum(last_over_time(kafka_bot_messages_sent_total{testid="$testid"}[$__range]))',
    presence: 'kafka_bot_target_rate',
  },
} as const satisfies Record<string, Generator>;

export const generatorOf = (scenario: LoadScenario): Generator =>
  scenario === kafkaBot ? generators[kafkaBot] : generators.k6;
