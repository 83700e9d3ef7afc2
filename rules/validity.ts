import type { Config } from '../model/config.ts';
import { group, max, selector, sum } from '../model/promql.ts';
import { endpointsOf, type Target } from '../model/target.ts';

/** A reason for which a run says nothing, whatever its figures. */
export interface Doubt {
  /** For people; `{{label}}` is a label of what the query answers, `{{value}}` its number. */
  readonly reason: string;
  /**
   * PromQL at the end of the run, with its id as $testid, its service as $service, its length as $__range, and as a
   * number $__range_s: answers where the run is to be doubted.
   */
  readonly expr: string;
}

/**
 * What makes a run invalid. All are asked of the whole run and wait for nothing, where alerts wait until something has
 * lasted: a run may be over in half a minute, in which there are two or three scrapes.
 */
export function doubts(config: Config, targets: readonly Target[]): Doubt[] {
  const [ofK6, ofBots] = [config.loadTests.length > 0, config.kafkaBots.length > 0];
  if (!ofK6 && !ofBots) return [];
  return [
    ...(ofK6 ? [dropped] : []),
    ...(ofBots ? kafkaBot : []),
    ...cpu(config),
    // In a cluster's own Prometheus, nobody can tell whose writes were refused.
    ...(config.output.mode === 'plain' ? [refused] : []),
    ...(targets.some(({ name }) => name === 'service') ? [absent(config)] : []),
    ...targets.flatMap((target) => down(config, target)),
    ...(ofK6 ? [told] : []),
  ];
}

const ofRun = { testid: '=$testid' } as const;

/** Counters of what makes load start at 0 with the run, so that the last value is the total. */
const total = (name: string) => `last_over_time(${selector(name, ofRun)}[$__range])`;

const droppedTotal = sum(total('k6_dropped_iterations_total'));

const dropped: Doubt = {
  reason:
    '{{value}} % of the iterations that were due were dropped, so there was less load than asked for, and latency reads too low: give the scenario more virtual users, or the load to more runners',
  // A system that hangs lets no iteration end.
  expr: `100 * ${droppedTotal} / (${droppedTotal} + (${sum(total('k6_iterations_total'))} or vector(0)) > 0) > 1`,
};

const bot = (name: string) => sum(total(`kafka_bot_messages_${name}_total`));
/** Nothing has a series before it is given up. */
const givenUp = `(${bot('failed')} or vector(0))`;

const kafkaBot: readonly Doubt[] = [
  {
    reason:
      '{{value}} % of the messages that were due were dropped, so there was less load than asked for, and latency reads too low: the cluster did not take this rate, or it takes more bots to make it',
    expr: `100 * ${bot('dropped')} / (${bot('due')} > 0) > 1`,
  },
  {
    reason:
      '{{value}} % of the messages that were due were neither acknowledged nor given up: a bot ended before its backlog was worked off, or before it was scraped for the last time, and its log says which',
    expr: `100 * (${bot('due')} - ${bot('dropped')} - ${bot('sent')} - ${givenUp}) / (${bot('due')} > 0) > 1`,
  },
];

/**
 * The CPU of runners, whose pods live as long as the run does. Counters are held against counters of the same look at
 * the container: looks are ten seconds apart or more, not at the scrapes, and a rate over two scrapes of a short run
 * could be wrong by half. What they grew by leaves out how the program started, and takes two scrapes; where there was one, the
 * value itself is the total of the run.
 */
function cpu({ namespace }: Config): Doubt[] {
  const runners = {
    namespace: `=${namespace}`,
    // The id of a run holds no character that a regular expression knows.
    pod: '=~$testid-load-\\d+-\\w+',
    container: '=~k6|kafka-bot',
  } as const;
  const grown = (counter: string) => sum(`increase(${selector(counter, runners)}[$__range])`, 'pod');
  const whole = (counter: string) => sum(`last_over_time(${selector(counter, runners)}[$__range])`, 'pod');
  const percent = (of: typeof grown, part: string, quota = '') =>
    `100 * ${of(part)} / (${quota}(${of('container_cpu_cfs_periods_total')} > 0))`;
  const percentOf = (part: string, quota?: string) =>
    `(${percent(grown, part, quota)} or on (pod) ${percent(whole, part, quota)})`;

  const limits = selector('kube_pod_container_resource_limits', { ...runners, resource: '=cpu' });
  // What the limit allows in a period of 100 ms; where nothing wants to run, none is counted.
  const quota = `0.1 * (${max(`last_over_time(${limits}[$__range])`, 'pod')} > 0) * `;
  const advice =
    'so what it measured has its own waiting in it: give runners more CPU (`profile: scale`), or the load to more of them';
  return [
    {
      reason: `runner {{pod}} was stopped by its CPU limit in {{value}} % of the periods, ${advice}`,
      // A tenth of the time is more than the requests that p95 leaves out.
      expr: `${percentOf('container_cpu_cfs_throttled_periods_total')} > 10`,
    },
    {
      reason: `runner {{pod}} used {{value}} % of its CPU limit, ${advice}`,
      expr: `${percentOf('container_cpu_usage_seconds_total', quota)} > 80`,
    },
  ];
}

const pushes = selector('prometheus_http_requests_total', { handler: '=/api/v1/write', code: '!~2..' });
const pushesAfter = sum(`last_over_time(${pushes}[$__range])`, 'code');
/** There is no series before the first refusal, so that its growth would leave that out. */
const pushesBefore = `(${sum(`last_over_time(${pushes}[5m] offset $__range)`, 'code')} or 0 * ${pushesAfter})`;

const refused: Doubt = {
  reason:
    'Prometheus refused {{value}} requests with what was measured (status {{code}}), and nobody sends that again: look at the log of a runner for the reason, and at PrometheusRemoteWriteRefused',
  expr: `${pushesAfter} - ${pushesBefore} > 0 or on (code) ${sum(`increase(${pushes}[$__range])`, 'code')} > 0`,
};

/** Of a pod that is gone nothing says so: what it was scraped as ends. */
const absent = ({ scrapeInterval }: Config): Doubt => ({
  reason:
    'no pod of service $service answered Prometheus in {{value}} scrapes of the run, so for a part of the run there was nothing to load: look at why its pods ended',
  expr: `${misses(`(max(up{job="service",service="$service"}) or vector(0))`, scrapeInterval)} >= 2`,
});

/** At how many of the scrapes in a run something was not 1. */
const misses = (answers: string, scrapeInterval: string) =>
  `sum_over_time((${answers} < bool 1)[$__range:${scrapeInterval}])`;

/** What is monitored and has to be: a budget is asked of it, or an exporter stands in front of it. */
function down({ scrapeInterval }: Config, target: Target): Doubt[] {
  const { name, title, health, exporters = [], indicators = [], scrape } = target;
  // Whether services answer is asked of the one that is loaded; and a bot that has ended has done its work.
  if (
    !scrape ||
    scrape.comesAndGoes ||
    name === 'service' ||
    (!health && exporters.length === 0 && indicators.length === 0) ||
    (exporters.length > 0 && exporters.every(({ ofStack }) => ofStack))
  )
    return [];
  const own = exporters.flatMap(({ ofStack, instance }) => (ofStack ? [instance] : []));
  // One that cannot be asked says nothing of itself.
  const silent = endpointsOf(target)
    .filter(({ instance }) => !own.includes(instance))
    .map(({ instance }) => `label_replace(vector(0), "instance", "${instance}", "", "")`);
  const said = health ?? `max by (instance) (up{job="${name}"})`;
  const answers = [own.length ? `${said} and on (instance) (${silent.join(' or ')})` : said, ...silent].join(' or ');
  const seconds = Number.parseInt(scrapeInterval, 10);
  return [
    {
      reason: `{{instance}} (${title}) did not answer for {{value}} % of the run, so nobody knows what it was like, and services may have waited for it: look at ${health ? 'it, and at the log of its exporter' : 'its pod'}`,
      // A tenth of a short run is less than a scrape, and a single one may fail.
      expr: `clamp_max(${100 * seconds} / $__range_s * (${misses(`(${answers})`, scrapeInterval)} >= 2), 100) > 10`,
    },
  ];
}

const told: Doubt = {
  reason:
    'the alert LoadTestInvalid fired during the run because of {{reason}}: do what the runbook of {{reason}} says, and start another run',
  expr: group(
    `last_over_time(${selector('ALERTS', { alertname: '=LoadTestInvalid', alertstate: '=firing', ...ofRun })}[$__range])`,
    'reason',
  ),
};
