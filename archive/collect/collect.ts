import type { Kubectl } from '../../clients/kubectl.ts';
import type { BuildInfo, Prometheus } from '../../clients/prometheus.ts';
import type { Config } from '../../model/config.ts';
import { dataSystems } from '../../model/data-systems.ts';
import { ownSeries } from '../../model/own-series.ts';
import type { Target } from '../../model/target.ts';
import { placesOf } from '../../rules/figures.ts';
import { factsOf, type LoadScenario } from '../../runs/generator.ts';
import type { RunFacts } from '../../runs/record.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import type { Run } from '../../verdict/run.ts';
import type { ArchivedRun, Environment, RunArchive } from '../archive.ts';
import { askingOf } from './asking.ts';
import { axisOf } from './axis.ts';
import { type ClusterFacts, clusterFacts } from './cluster.ts';
import { endpointsOf } from './endpoints.ts';
import { measuredEvents } from './events.ts';
import { figuresOf } from './figures.ts';
import { panelsOf } from './panels.ts';

import type { FoundTraces } from './traces.ts';
import { unmeasured } from './unmeasured.ts';
import { verdictOf } from './verdict.ts';

/** What is asked of Prometheus. */
type Asked = Pick<Prometheus, 'instant' | 'range' | 'buildInfo'>;

/** What an archive is made from. */
export interface Sources {
  /** It is over. */
  readonly run: Run;
  readonly config: Config;
  readonly targets: readonly Target[];
  readonly prometheus: Asked;
  /** The cluster of the run, or why it cannot be asked. */
  readonly cluster: Pick<Kubectl, 'get' | 'list'> | { readonly missing: string };
  /** What its coordinator wrote down; left out: it is not known. */
  readonly record?: { readonly run: RunFacts; readonly verdict?: VerdictDocument };
  readonly traces: FoundTraces;
  /** Seconds that were looked back for it. */
  readonly back: number;
  readonly provenance: Pick<Environment, 'configHash' | 'commit' | 'options'> & {
    /** Of loadscope and of k6, as far as they are known. */
    readonly versions: Environment['versions'];
  };
}

/**
 * Collects all that is known of a run. What is not to be had is among its gaps.
 *
 * @throws HttpError where Prometheus is gone, or does not let us in
 */
export async function collect(sources: Sources): Promise<RunArchive> {
  const { run, config, targets, prometheus, record, traces, back, provenance } = sources;
  const scrapeInterval = Number.parseInt(config.scrapeInterval, 10);
  const axis = axisOf(run, scrapeInterval);
  const own = config.output.mode === 'operator' ? ownSeries(targets, config.namespace) : (query: string) => query;
  const asking = askingOf(prometheus, run, axis, own);
  const systems = dataSystems(config);

  const verdict = await verdictOf(record?.verdict, config, targets, own, prometheus, asking);
  const figures = await figuresOf(targets, asking);
  const endpoints = await endpointsOf(asking);
  const panels = await panelsOf(targets, scrapeInterval, asking);
  const events = await measuredEvents(config, targets, asking);
  const missed = await unmeasured(config, targets, { now: Date.now() / 1000, back }, asking);
  const cluster = await ofCluster(sources, systems);
  const prometheusVersion = await versionOf(prometheus);

  const { versions, ...rest } = provenance;
  return {
    ...{ format: 'loadscope.run', version: 1, written: new Date().toISOString() },
    ...{ run: archivedRun(run, record?.run), verdict, axis, figures, places: placesOf(targets), systems },
    ...{ endpoints, panels },
    events: [...events, ...cluster.events].sort((a, b) => a.at - b.at),
    environment: {
      versions: {
        ...(cluster.kubernetes ? { kubernetes: cluster.kubernetes } : {}),
        ...(prometheusVersion ? { prometheus: prometheusVersion } : {}),
        ...versions,
      },
      services: cluster.services,
      nodes: cluster.nodes,
      ...rest,
    },
    rates: config.cost,
    traces: traces.traces,
    gaps: [
      ...missed,
      ...(record ? [] : ['What the run was asked for is not known: the cluster has no record of it.']),
      // Of several queries of a panel the same may be missing.
      ...new Set(asking.gaps),
      ...cluster.gaps,
      ...traces.gaps,
    ],
  };
}

const archivedRun = ({ testid, start, end, service, scenario }: Run, facts: RunFacts | undefined): ArchivedRun => ({
  ...(service === undefined ? {} : { service }),
  ...(scenario === undefined ? {} : { scenario }),
  ...(facts && askedFor(facts)),
  ...{ testid, start, end },
});

/** Without the one of vus and rate by which its scenario does not go: nobody asked for that. */
function askedFor({ vus, rate, ...facts }: RunFacts): Partial<RunFacts> {
  const isByRate = factsOf(facts.scenario as LoadScenario)?.paced === 'rate';
  return { ...facts, ...(isByRate ? { rate } : { vus }) };
}

async function ofCluster({ cluster, config, run }: Sources, systems: RunArchive['systems']): Promise<ClusterFacts> {
  if ('list' in cluster) return clusterFacts(cluster, config, systems, run);
  const gap = `Versions, images, limits, nodes and deploys are not known, since the cluster cannot be asked: ${cluster.missing}`;
  return { services: [], nodes: [], events: [], gaps: [gap] };
}

/** Not every store that speaks as Prometheus does says what it is. */
async function versionOf(prometheus: Asked): Promise<string | undefined> {
  const { application, version }: BuildInfo = await prometheus.buildInfo().catch(() => ({}));
  return version && (application ? `${application} ${version}` : version);
}
