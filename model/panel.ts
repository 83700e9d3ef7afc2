/** A panel as data: what it asks and how its answer reads. dashboards/panel.ts draws it. */
export interface Panel {
  readonly title: string;
  /** How to read it and what to do about it. */
  readonly description: string;
  readonly type: 'gauge' | 'stat' | 'timeseries' | 'heatmap';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Yellow from the first value upwards, red from the second; green below. */
  readonly thresholds?: { readonly warning: number; readonly critical: number };
}

export interface Query {
  readonly expr: string;
  /** Grafana's legend format: text with `{{label}}`. */
  readonly legend: string;
}

/** Grafana's ids of units. A closed list, so that a misspelt one does not compile. */
export type Unit = 'short' | 'reqps' | 'percentunit' | 's' | 'bytes' | 'Bps';
