import type { RunArchive } from '../../archive/archive.ts';
import { type DataSystem, placeOfSystem } from '../../model/data-systems.ts';
import type { Stage } from '../../model/stage.ts';
import { figureOf, type Values } from './series.ts';

/** A resource and whose it is, with its facets over the run. */
export interface Holder {
  readonly resource: string;
  readonly of: string;
  /** Left out: no request waits for it. */
  readonly stage?: Stage;
  readonly depth?: number;
  /** The data system whose it is, where it is one's. */
  readonly system?: DataSystem;
  /** The service whose it is; of what a cluster's clients measure, none. */
  readonly service?: string;
  readonly facets: readonly { readonly facet: string; readonly values: Values }[];
}

const containerResources = ['cpu', 'memory'];

/** All that has a pressure, but the load generators. */
export function holders(archive: RunArchive): Holder[] {
  const found = new Map<string, Holder>();
  for (const { labels, values } of figureOf(archive, 'pressure')) {
    const { resource = '', facet = '' } = labels;
    if (labels.testid !== undefined) continue;
    const holder = holderOf(archive, resource, labels);
    const key = `${resource} of ${holder.of}`;
    found.set(key, { ...holder, facets: [...(found.get(key)?.facets ?? []), { facet, values }] });
  }
  return [...found.values()];
}

function holderOf(
  { systems, places }: RunArchive,
  resource: string,
  { service, instance, of = '' }: Readonly<Record<string, string>>,
): Omit<Holder, 'facets'> {
  const whose = systemOf(systems, resource, { service, instance });
  const place = places[resource];
  if (whose && containerResources.includes(resource))
    return { resource, of: whose.instance, system: whose, ...placeOfSystem[whose.kind] };
  return {
    ...{ resource, of: whose?.instance ?? service ?? of },
    ...(place ?? {}),
    ...(whose ? { system: whose } : {}),
    ...(service === undefined || whose ? {} : { service }),
  };
}

/** What clients measure of Kafka is the cluster's, where there is but one that it can be of. */
function systemOf(
  systems: readonly DataSystem[],
  resource: string,
  { service, instance }: { service: string | undefined; instance: string | undefined },
): DataSystem | undefined {
  if (instance !== undefined) return systems.find((system) => system.instance === instance);
  if (containerResources.includes(resource)) return systems.find(({ workload }) => workload === service);
  const clusters = systems.filter(({ kind }) => kind === 'kafka');
  return resource.startsWith('kafka-') && clusters.length === 1 ? clusters[0] : undefined;
}

/** Facets of resources that fill up before anybody feels it. */
export const silentFacets: Readonly<Record<string, readonly string[]>> = {
  'kafka-consumer': ['saturation'],
  'kafka-broker': ['saturation', 'errors'],
  'redis-memory': ['errors'],
  'jvm-heap': ['utilization'],
};
