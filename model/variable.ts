/** A choice on the dashboards, filled from the values that a label has. */
export interface Variable {
  /** What queries write as `$name`. */
  readonly name: string;
  /** What stands before the choice. */
  readonly label: string;
  /** Grafana's `label_values(metric, label)`. */
  readonly query: string;
  readonly order: 'ascending' | 'descending';
}
