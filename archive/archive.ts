import type { CostRates } from '../model/cost.ts';
import type { DataSystem } from '../model/data-systems.ts';
import type { Panel } from '../model/panel.ts';
import type { Resource } from '../model/resource.ts';
import type { RunFacts } from '../runs/record.ts';
import type { TraceFacts } from '../traces/facts.ts';
import type { VerdictDocument } from '../verdict/report.ts';

/**
 * What is kept of a run, so that reports and comparisons can be made of it when Prometheus has forgotten it: one JSON
 * document. All times are Unix seconds, all durations seconds, all sizes bytes. docs/archive.md describes it.
 */
export interface RunArchive {
  readonly format: 'loadscope.run';
  /** A change that is not an addition needs another. */
  readonly version: 1;
  /** When it was made, in ISO 8601. */
  readonly written: string;
  readonly run: ArchivedRun;
  /** Null: nobody has judged it. */
  readonly verdict: VerdictDocument | null;
  /** The points of every series: the first at `start`, then one each `step` seconds, `count` of them. */
  readonly axis: { readonly start: number; readonly step: number; readonly count: number };
  /** What attribution, cost and trends compute with, by name (rules/figures.ts); absent: it was not to be had. */
  readonly figures: Readonly<Record<string, readonly ArchivedSeries[]>>;
  /** Where each resource stands on the way of a request; those that no request waits for are not in it. */
  readonly places: Readonly<Record<string, NonNullable<Resource['place']>>>;
  /** Data systems, and the workload whose containers they are. */
  readonly systems: readonly DataSystem[];
  readonly endpoints: readonly ArchivedEndpoint[];
  /** The panels of the overview and of the bottlenecks, with what their queries gave. */
  readonly panels: readonly ArchivedPanel[];
  readonly events: readonly RunEvent[];
  readonly environment: Environment;
  /** Rates of the config when it was made (`cost`); left out: made without a config, so that there are hours alone. */
  readonly rates?: CostRates;
  /** Slowest first; empty: none were sampled, or Zipkin was not asked (then `gaps` says so). */
  readonly traces: readonly TraceFacts[];
  /** What was not measured, and why, each a sentence. */
  readonly gaps: readonly string[];
}

/** From its first sample to its last; the rest as its record has it, where there is one. */
export interface ArchivedRun extends Partial<Omit<RunFacts, 'testid'>> {
  readonly testid: string;
  readonly start: number;
  readonly end: number;
}

export interface ArchivedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** As many as the axis has points; null where there was none, or none that is finite. */
  readonly values: readonly (number | null)[];
}

export interface ArchivedEndpoint {
  /** The label `name` of k6's requests. */
  readonly name: string;
  /** Left out: none in particular. */
  readonly method?: string;
  readonly requests: number;
  /** Requests whose answer was not the one expected. */
  readonly failed: number;
  /**
   * Response times of the requests that ended in each slice of the run, as buckets of an exponential histogram. Empty:
   * Prometheus keeps no native histograms.
   */
  readonly latency: readonly LatencySlice[];
}

export interface LatencySlice {
  /** End of the slice; all are as long as the shortest way between two of them, since those without requests are left out. */
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  /** Lower bound, upper bound, how many; ascending, those with none left out. */
  readonly buckets: readonly (readonly [number, number, number])[];
}

/** A panel as it is on the dashboards, and what each of its queries gave. */
export interface ArchivedPanel
  extends Pick<Panel, 'title' | 'description' | 'type' | 'unit' | 'thresholds' | 'stacked'> {
  /** Heading of its row: its target. */
  readonly row: string;
  readonly boards: NonNullable<Panel['boards']>;
  readonly queries: readonly ArchivedQuery[];
}

export interface ArchivedQuery {
  readonly legend: string;
  readonly dashed?: boolean;
  readonly unit?: Panel['unit'];
  /** Of a range, or, for tables and `instant`, of the end alone: then each has one value. */
  readonly instant: boolean;
  readonly series: readonly ArchivedSeries[];
  /** Of a heatmap: one slice for each point that has any. */
  readonly histograms?: readonly LatencySlice[];
}

export interface RunEvent {
  readonly kind: 'alert' | 'deploy' | 'restart' | 'oom-kill' | 'scale' | 'other';
  readonly at: number;
  /** Left out: it has none, or it was not over when the run was. */
  readonly until?: number;
  /** What it is about: a service, an instance, a pod. */
  readonly of: string;
  /** What happened, in words. */
  readonly text: string;
}

export interface Environment {
  /** Program to version: kubernetes, prometheus, k6, loadscope. */
  readonly versions: Readonly<Record<string, string>>;
  readonly services: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly image: string;
    readonly replicas: number;
    /** Cores and bytes of one replica; left out: unlimited. */
    readonly cpuLimit?: number;
    readonly memoryLimit?: number;
    readonly cpuRequest?: number;
    readonly memoryRequest?: number;
  }[];
  readonly nodes: readonly {
    readonly name: string;
    readonly cores: number;
    readonly memory: number;
    readonly kubelet: string;
  }[];
  /** Of the load: settings and the parameters of the scenario, as text. */
  readonly options: Readonly<Record<string, string>>;
  /** SHA-256 of the config that was read, in hex, and the commit it was read at; left out: not in a repository. */
  readonly configHash: string;
  readonly commit?: string;
}
