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
  /** Has no series until what it counts happens for the first time. */
  readonly sparse?: boolean;
  /** Has no series until it is known, and nothing stands for it before. */
  readonly late?: boolean;
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

/** A metric without a series until what it counts happens for the first time, so that a panel has to say 0. */
export const sparse = <Kind extends MetricKind, Label extends string>(
  metric: Metric<Kind, Label>,
): Metric<Kind, Label> => ({ ...metric, sparse: true });

/** A metric without a series until its value is known: a 0 before that would say what nobody knows yet. */
export const late = <Kind extends MetricKind, Label extends string>(
  metric: Metric<Kind, Label>,
): Metric<Kind, Label> => ({ ...metric, late: true });

/** The series that make up a histogram, each of which is a counter. */
export function partsOf<Label extends string>({ name, labels, help }: Metric<'histogram', Label>) {
  const withoutLe = labels.filter((label): label is Exclude<Label, 'le'> => label !== 'le');
  return {
    bucket: counter(`${name}_bucket`, labels, help),
    sum: counter(`${name}_sum`, withoutLe, help),
    count: counter(`${name}_count`, withoutLe, help),
  };
}
