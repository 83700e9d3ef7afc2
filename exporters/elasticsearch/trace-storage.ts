import type { Config } from '../../model/config.ts';
import { max, ratio, select, sum } from '../../model/promql.ts';
import { storageInstance } from '../../model/tracing.ts';
import { metrics } from './metrics.ts';

/**
 * How long the storage of spans lasts. Spans have an index for each day, and whole days are deleted: what a day takes
 * decides how many days there is room for.
 */

/** Elasticsearch puts no more shards on a disk that is fuller. */
export const lowWatermark = 0.85;
/** What of a disk is therefore not for spans. */
const reserved = 0.15;
/** It then lets nobody write any more. */
export const floodStage = 0.95;

const storage = { instance: `=${storageInstance}` } as const;
/** Of the spans themselves; what else Zipkin stores is little. */
const days = ({ tracing }: Pick<Config, 'tracing'>) => ({ ...storage, index: `=~${tracing.index}.span-.*` }) as const;

/** Bytes of each day, with copies. */
export const sizes = (config: Pick<Config, 'tracing'>): string =>
  max(select(metrics.sizeWithCopies, days(config)), 'index');

/** Spans of each day. */
export const spans = (config: Pick<Config, 'tracing'>): string => max(select(metrics.documents, days(config)), 'index');

/** Bytes of a span, by the day. */
export const perSpan = (config: Pick<Config, 'tracing'>): string =>
  ratio(max(select(metrics.size, days(config)), 'index'), spans(config));

/**
 * Bytes that a day takes: the largest there is. Today's counts with what it has so far, which is never too much: a day
 * only grows. So a first day tells too little in the morning and enough by the evening, and one load test is not taken
 * for a day of load tests, as its rate would be.
 */
export const perDay = (config: Pick<Config, 'tracing'>): string =>
  max(select(metrics.sizeWithCopies, days(config)), 'instance');

/** What a day would take that went on like the time shown. Merges shrink an index, which is no growth. */
export const atThisRate = (config: Pick<Config, 'tracing'>): string =>
  `clamp_min(86400 * ${sum(`deriv(${select(metrics.sizeWithCopies, days(config))}[$__range])`, 'instance')}, 0)`;

/** Bytes that are left below the watermark, on all nodes together; less than 0 above it. */
export const left = (): string => {
  const available = sum(select(metrics.diskAvailable, storage), 'instance');
  return `${available} - ${reserved} * ${sum(select(metrics.diskSize, storage), 'instance')}`;
};

/** How many days as large as the largest there is room for: in what is left, and in what spans have. */
export const daysThatFit = (config: Pick<Config, 'tracing'>): string => {
  const taken = sum(select(metrics.sizeWithCopies, storage), 'instance');
  return ratio(`clamp_min(${left()} + ${taken}, 0)`, perDay(config));
};
