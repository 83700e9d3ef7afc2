import type { RunArchive } from '../archive/archive.ts';
import { conclusion } from './attribution/conclusion.ts';
import { attribute } from './attribution/index.ts';
import { type Amount, costGaps, costOf } from './cost.ts';
import { causeOf, scalabilityOf } from './parts/cause.ts';
import { ownCharts } from './parts/charts.ts';
import { endpointsOf, latencyOf } from './parts/latency.ts';
import { loadOf } from './parts/load.ts';
import { outcomesOf, panelCharts } from './parts/panels.ts';
import { figure, meanOf } from './parts/series.ts';
import { verdictOf } from './parts/verdict.ts';
import type { Report } from './schema.ts';
import { type Language, textsOf } from './texts/texts.ts';

export interface ReportOptions {
  readonly language: Language;
}

/** Most traces, and parts of each, that a reader looks at. */
const mostTraces = 20;
const mostParts = 5;

/** All that a report says, of which HTML, Markdown and CSV are renderings. */
export function reportOf(archive: RunArchive, { language }: ReportOptions): Report {
  const { run, environment } = archive;
  const verdict = verdictOf(archive);
  const attribution = attribute(archive);
  const texts = textsOf(language);
  const iso = (time: number) => new Date(time * 1000).toISOString();
  return {
    format: 'loadscope.report',
    version: 1,
    language,
    run: {
      testid: run.testid,
      start: iso(run.start),
      end: iso(run.end),
      duration: run.end - run.start,
      loadTest: run.loadTest ?? null,
      scenario: run.scenario ?? null,
      profile: run.profile ?? null,
      service: run.service ?? null,
      url: run.url ?? null,
      engine: run.engine ?? null,
      runners: run.runners ?? null,
    },
    verdict,
    conclusion: conclusion(attribution, language),
    cause: causeOf(archive, attribution),
    scalability: scalabilityOf(archive, language),
    cost: costIn(archive),
    load: loadOf(archive),
    latency: latencyOf(archive),
    errors: errorsOf(archive),
    endpoints: endpointsOf(archive),
    charts: [...ownCharts(archive, verdict, texts), ...panelCharts(archive)],
    traces: archive.traces.slice(0, mostTraces).map(({ traceId, start, duration, endpoint, errors, path }) => ({
      ...{ traceId, start, duration, endpoint, errors },
      path: path.slice(0, mostParts).map(({ service, span, time, share }) => ({ service, span, time, share })),
    })),
    events: archive.events
      .map(({ kind, at, until, of, text }) => ({
        kind,
        at: at - run.start,
        until: until === undefined ? null : until - run.start,
        of,
        text,
      }))
      .sort((a, b) => a.at - b.at),
    environment: {
      versions: { ...environment.versions },
      services: environment.services.map((service) => ({
        name: service.name,
        namespace: service.namespace,
        image: service.image,
        replicas: service.replicas,
        cpuLimit: service.cpuLimit ?? null,
        memoryLimit: service.memoryLimit ?? null,
        cpuRequest: service.cpuRequest ?? null,
        memoryRequest: service.memoryRequest ?? null,
      })),
      nodes: environment.nodes.map((node) => ({ ...node })),
      options: { ...environment.options },
      configHash: environment.configHash,
      commit: environment.commit ?? null,
    },
    gaps: [...archive.gaps, ...costGaps(costOf(archive), texts)],
  };
}

function costIn(archive: RunArchive): Report['cost'] {
  const { basis, currency, items, total } = costOf(archive);
  const amount = ({ cpuHours, memoryGibHours, price, pricePerThousand }: Amount) => ({
    cpuHours: cpuHours ?? null,
    memoryGibHours: memoryGibHours ?? null,
    price: price ?? null,
    pricePerThousand: pricePerThousand ?? null,
  });
  return {
    ...{ basis, currency, total: amount(total) },
    items: items.map(({ name, kind, covered, ...rest }) => ({ name, kind, covered, ...amount(rest) })),
  };
}

function errorsOf(archive: RunArchive): Report['errors'] {
  const { requests, failed } = loadOf(archive).reached;
  const ratio = figure(archive, 'error_ratio');
  return {
    ratio: requests ? (failed ?? 0) / requests : ((ratio && meanOf(ratio)) ?? null),
    services: (archive.figures.server_errors ?? [])
      .flatMap((series) => {
        const mean = meanOf(series);
        return mean === undefined ? [] : { service: series.labels.service ?? '', ratio: mean };
      })
      .sort((a, b) => b.ratio - a.ratio),
    outcomes: outcomesOf(archive),
  };
}
