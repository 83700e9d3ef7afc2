/**
 * Declarations of metrics: what a target exposes, under which labels, as it arrives in Prometheus after
 * relabeling. Everything that asks for a metric starts from one of these.
 */

export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'nativeHistogram';

export interface Metric<Kind extends MetricKind = MetricKind, Label extends string = string> {
  readonly kind: Kind;
  readonly name: string;
  readonly labels: readonly Label[];
  /** What it measures, in one sentence. */
  readonly help: string;
}

const declare =
  <Kind extends MetricKind>(kind: Kind) =>
  <const Label extends string>(name: string, labels: readonly Label[], help: string): Metric<Kind, Label> => ({
    kind,
    name,
    labels,
    help,
  });

/** A value that only grows, until its process restarts. */
export const counter = declare('counter');
/** A value that goes up and down. */
export const gauge = declare('gauge');
/** A histogram with `_bucket`, `_sum` and `_count` series and the label `le`. */
export const histogram = declare('histogram');
/** A histogram that is one series; it has no `_bucket` series and no label `le`. */
export const nativeHistogram = declare('nativeHistogram');
