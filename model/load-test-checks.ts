import { scenarios } from '../k6-jobs/catalogue.ts';
import { urlAddress, whereabouts } from './address.ts';
import type { Config } from './config.ts';
import { ownTopics } from './own-topics.ts';

type DeepPartial<T> = T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;
type Issue = (path: PropertyKey[], message: string) => void;

/**
 * What load tests, suites and schedules ask of the rest of the config.
 *
 * @param more load tests and services that are not in the file
 */
export function loadTestChecks(
  config: DeepPartial<Config>,
  more: Partial<Pick<Config, 'loadTests' | 'kafkaBots' | 'services' | 'kafka'>>,
  issue: Issue,
): void {
  const { loadTests, suites, schedules } = config;
  const namespaces = namespacesOf(config, more);
  const known = (path: PropertyKey[], name: unknown, of: string, names: readonly string[]) => {
    if (typeof name === 'string' && !names.includes(name))
      issue(path, `"${name}" is not the name of any of ${of}: ${names.join(', ') || 'the list is empty'}`);
  };
  for (const [index, test] of listed(loadTests)) {
    const at = (field: string, message: string) => issue(['loadTests', index, field], message);
    const { scenario, allowWrites, users, parameters, url } = test;
    const facts = scenario && scenarios[scenario];
    if (facts?.writes && allowWrites !== true)
      at('allowWrites', `must be true: ${scenario} writes to the service, which a load test has to allow`);
    if (facts?.users && users === undefined) at('users', `is required: virtual users of ${scenario} log in`);
    for (const name of Object.keys(facts && typeof parameters === 'object' ? parameters : {}))
      if (facts && !Object.hasOwn(facts.parameters, name))
        issue(
          ['loadTests', index, 'parameters', name],
          `is no parameter of ${scenario}; it has: ${Object.keys(facts.parameters).join(', ') || 'none'}`,
        );
    const refusal = typeof url === 'string' && namespaces && refusalOf(url, config, namespaces);
    if (refusal) at('url', refusal);
  }

  const readers = namesOf(config.services, more.services);
  const clusters = namesOf(config.kafka, more.kafka);
  const taken = namesOf(loadTests, more.loadTests);
  for (const [index, bot] of listed(config.kafkaBots)) {
    const at = (field: string, message: string) => issue(['kafkaBots', index, field], message);
    const { name, cluster, service, topics, allowWrites, acks, idempotence, compression, client, template, json } = bot;
    if (typeof name === 'string' && taken.includes(name)) at('name', `"${name}" is the name of a load test as well`);
    known(['kafkaBots', index, 'cluster'], cluster, 'kafka', clusters);
    known(['kafkaBots', index, 'service'], service, 'services', readers);
    for (const [, topic] of listed(topics))
      if (typeof topic.name === 'string' && !topic.name.startsWith(ownTopics) && allowWrites !== true)
        at(
          'allowWrites',
          `must be true: ${topic.name} is no topic of the bot's own (${ownTopics}…), and others read it`,
        );
    if (acks !== undefined && acks !== 'all' && idempotence === true)
      at(
        'idempotence',
        `must be false with acks of ${acks}: brokers keep the order only where all of them acknowledge`,
      );
    if (client !== 'platformatic' && (compression === 'snappy' || compression === 'lz4'))
      at('compression', `${compression} takes the client platformatic`);
    if (json !== undefined && template !== undefined)
      at('json', 'takes the place of a template: leave one of them out');
  }

  const tests = [...taken, ...namesOf(config.kafkaBots, more.kafkaBots)];
  for (const [index, suite] of listed(suites))
    for (const [at, name] of listed(suite.loadTests))
      known(['suites', index, 'loadTests', at], name, 'loadTests and kafkaBots', tests);
  for (const [index, { loadTest, suite }] of listed(schedules)) {
    known(['schedules', index, 'loadTest'], loadTest, 'loadTests and kafkaBots', tests);
    known(['schedules', index, 'suite'], suite, 'suites', namesOf(suites));
  }
}

/** Entries that are there, of a list that may be none: other checks say so. */
const listed = <Entry>(list: readonly (Entry | undefined)[] | undefined): [number, NonNullable<Entry>][] =>
  Array.isArray(list)
    ? [...list.entries()].filter((entry): entry is [number, NonNullable<Entry>] => Boolean(entry[1]))
    : [];

const namesOf = (...lists: (readonly ({ name?: string } | undefined)[] | undefined)[]): string[] =>
  lists.flatMap((list) => listed(list).flatMap(([, { name }]) => name ?? []));

/** Where load may go in the cluster; undefined where that cannot be told. */
function namespacesOf(
  { services, allowedTargets }: DeepPartial<Config>,
  more: Partial<Pick<Config, 'services'>>,
): string[] | undefined {
  if (!Array.isArray(services)) return undefined;
  const all = [...listed(services), ...listed(more.services)].map(([, { namespace }]) => namespace);
  return [...all, ...listed(allowedTargets?.namespaces).map(([, name]) => name)].flatMap((name) => name ?? []);
}

/** Load on somebody else's system is an attack: where it may go is said beforehand. */
function refusalOf(url: string, config: DeepPartial<Config>, namespaces: readonly string[]): string | undefined {
  let host: string;
  try {
    ({ host } = urlAddress(url));
  } catch {
    return undefined;
  }
  const hosts = listed(config.allowedTargets?.hosts).map(([, name]) => name);
  const { namespace, outside } = whereabouts(host, config.namespace ?? '');
  if (hosts.includes(host) || (namespace !== undefined && namespaces.includes(namespace))) return undefined;
  return outside && namespace === undefined
    ? `must lead to a service of the cluster or to one of allowedTargets.hosts, and ${host} is neither`
    : `leads to namespace ${namespace}, where no service of the config is: if load may go there, name it in allowedTargets.namespaces`;
}
