/** What is known of an expression without asking Prometheus. Scalars and strings have nothing to know: undefined. */
export interface Vector {
  /** Every label that its series may have. Undefined after a mistake, when nothing more can be said of it. */
  readonly labels: ReadonlySet<string> | undefined;
  /** What a sample is. */
  readonly sample: 'number' | 'percentile' | 'histogram';
  /** Counted from the start of a process, so that only its growth says something. */
  readonly cumulative?: boolean;
  /** Buckets of a classic histogram: each counts what the smaller ones count, too. */
  readonly buckets?: boolean;
  /** The metric it comes from, for messages. */
  readonly metric?: string;
}

/** Stands for what a mistake was found in, so that one mistake is not reported all the way up. */
export const unknown: Vector = { labels: undefined, sample: 'number' };

export const hasLabel = ({ labels }: Vector, label: string): boolean => labels?.has(label) ?? true;

export const sameLabels = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((label) => b.has(label));
