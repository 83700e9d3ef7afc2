/**
 * A series that Prometheus works out beforehand, in its own words. It is there for a reason: several rules or panels
 * share it, or they would read too much without it.
 */
export interface Recording {
  /** `level:metric:operations`, where level is the labels that are left. */
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}
