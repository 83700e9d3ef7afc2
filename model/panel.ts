/** A panel as data: what it asks and how its answer reads. dashboards/panel.ts draws it. */
export interface Panel {
  readonly title: string;
  /** How to read it and what to do about it. */
  readonly description: string;
  readonly type: 'gauge' | 'stat' | 'timeseries' | 'heatmap';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Colours from a value upwards; the first colour holds below the first value. */
  readonly thresholds?: Thresholds;
  /** End of a gauge's scale. Left out: the largest value seen. */
  readonly max?: number;
}

export interface Query {
  readonly expr: string;
  /** Grafana's legend format: text with `{{label}}`. */
  readonly legend: string;
}

/** Grafana's ids of units. A closed list, so that a misspelt one does not compile. */
export type Unit = 'short' | 'reqps' | 'percentunit' | 's' | 'bytes' | 'Bps';

export type Colour = 'green' | 'yellow' | 'red';

export interface Thresholds {
  readonly base: Colour;
  readonly steps: readonly { readonly from: number; readonly colour: Colour }[];
}

/** Green, then yellow, then red as the value grows. */
export const worseAbove = (warn: number, critical: number): Thresholds => ({
  base: 'green',
  steps: [
    { from: warn, colour: 'yellow' },
    { from: critical, colour: 'red' },
  ],
});
