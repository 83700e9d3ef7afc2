/** A choice on the dashboards, filled from what Prometheus answers. */
export interface Variable {
  /** What queries write as `$name`. */
  readonly name: string;
  /** What stands before the choice. */
  readonly label: string;
  /** Grafana's `label_values(metric, label)`, or `query_result(expression)` with `regex`. */
  readonly query: string;
  /** Takes the value out of a line of `query_result`. */
  readonly regex?: string;
  readonly order: 'ascending' | 'descending';
  /** What is chosen at first where one value alone can be. Left out: several can, and all are at first. */
  readonly single?: string;
}
