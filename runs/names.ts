import { kafkaBot, type LoadScenario } from './generator.ts';

/** What the objects of a run are called, and how they are found. */

/** The runners' Job, or the TestRun of k6-operator: pods are named after either, and so tell the run. */
export const loadName = (testid: string): string => `${testid}-load`;

/** The ConfigMap in which a run is written down. */
export const recordName = (testid: string): string => `run-${testid}`;

/** The CronJob that launches of a load test start from. */
export const cronJobName = ({ scenario }: { readonly scenario: LoadScenario }, name: string): string =>
  `${scenario === kafkaBot ? 'bot' : 'k6'}-${name}`;

/** The Secret with the tokens of a run's users. */
export const tokensName = (testid: string): string => `${testid}-tokens`;

/** The ConfigMap with what a stack's runs are made from. */
export const planName = 'load-tests';

/** Pods of runs: the coordinators, and the load generators. */
export const coordinator = 'coordinator';
export const runner = 'k6';
export const bot = kafkaBot;
export const runners = [runner, bot] as const;

/** Where the coordinator's barrier listens. */
export const barrierPort = 8080;

/** Where Kafka bots show their metrics. */
export const metricsPort = 9464;

/** Labels by which objects of runs are found. */
export const runLabels = {
  /** On everything of a run. */
  testid: 'loadscope/testid',
  /** On a CronJob and its Jobs, on records. */
  loadTest: 'loadscope/load-test',
  scenario: 'loadscope/scenario',
  suite: 'loadscope/suite',
} as const;

/** Longest id of a run: k6-operator makes Jobs and Services called TESTID-load-initializer, in 63 characters. */
export const longestTestid = 46;

const pattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Why a text is no id of a run; undefined where it is one. */
export function testidMistake(testid: string): string | undefined {
  if (testid.length > longestTestid) return `must have at most ${longestTestid} characters, and has ${testid.length}`;
  return pattern.test(testid) ? undefined : 'must be lower-case letters, digits and "-", as the name of a Job';
}
