import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { type EndpointQueries, endpointQueries } from './endpoints.ts';
import { eventQueries } from './events.ts';
import { figures } from './figures.ts';

/** What the archive of a run asks beside panels. */
export interface ArchiveQuery {
  /** What it is for, such as `figure p95`. */
  readonly what: string;
  readonly expr: string;
  /** What it answers: numbers of something that is always there, of what may not have happened, or histograms. */
  readonly shows: 'numbers' | 'condition' | 'histograms';
}

export function archiveQueries(config: Config, targets: readonly Target[]): ArchiveQuery[] {
  const generators = [
    ...(config.loadTests.length ? [endpointQueries.k6] : []),
    ...(config.kafkaBots.length ? [endpointQueries['kafka-bot']] : []),
  ];
  if (generators.length === 0) return [];
  return [
    ...figures(targets).map(({ name, expr }) => ({ what: `figure ${name}`, expr, shows: 'numbers' as const })),
    ...generators.flatMap(({ requests, failed, latency }: EndpointQueries): ArchiveQuery[] => [
      { what: 'requests by endpoint', expr: requests, shows: 'numbers' },
      { what: 'failures by endpoint', expr: failed, shows: 'condition' },
      ...(latency && config.nativeHistograms
        ? [{ what: 'response times by endpoint', expr: latency, shows: 'histograms' as const }]
        : []),
    ]),
    ...Object.entries(eventQueries).map(([name, expr]) => ({
      what: `event ${name}`,
      expr,
      shows: 'condition' as const,
    })),
  ];
}
