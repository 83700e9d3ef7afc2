import type { Limits } from './budget.ts';
import type { Link } from './link.ts';

/** A panel as data: what it asks and how its answer reads. dashboards/panel.ts draws it. */
export interface Panel {
  readonly title: string;
  /** How to read it and what to do about it. */
  readonly description: string;
  readonly type: 'gauge' | 'stat' | 'timeseries' | 'heatmap' | 'status-history' | 'table';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From where on it is yellow and red. */
  readonly thresholds?: Limits | undefined;
  /** Where it stands besides the dashboard of its target. */
  readonly boards?: readonly Board[];
  /** Heading of the row that it stands in. Left out: the name of its target. */
  readonly row?: string;
  /** Whether its series are parts of a whole. */
  readonly stacked?: boolean;
  /** Whether a stat shows what its series are called in the place of their values. */
  readonly names?: boolean;
  /** Where a click on one of its series leads. */
  readonly links?: readonly Link[];
}

/** The overview; the top of the board of bottlenecks; one of the rows that are folded up below. */
export type Board = 'overview' | 'verdict' | 'bottleneck';

export interface Query {
  readonly expr: string;
  /** Grafana's legend format: text with `{{label}}`. The heading of its column in a table. */
  readonly legend: string;
  /** Of the end of the time range alone, where the expression looks back over all of it. Tables always are. */
  readonly instant?: boolean;
  /** A bound or an earlier run, which is drawn as a dashed line. */
  readonly dashed?: boolean;
  /** Of its column, where that is another than the table's. */
  readonly unit?: Unit;
}

/** Grafana's ids of units. A closed list, so that a misspelt one does not compile. */
export type Unit =
  | 'none'
  | 'short'
  | 'reqps'
  | 'ops'
  | 'cps'
  | 'mps'
  | 'percentunit'
  | 's'
  | 'dtdurations'
  | 'dateTimeFromNow'
  | 'bytes'
  | 'Bps';
