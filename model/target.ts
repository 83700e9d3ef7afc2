import type { Address } from './address.ts';
import type { Alert } from './alert.ts';
import type { Annotation } from './annotation.ts';
import type { Figure } from './figure.ts';
import type { ImageName } from './images.ts';
import type { Indicator } from './indicator.ts';
import type { Metric } from './metric.ts';
import type { Panel } from './panel.ts';
import type { Recording } from './recording.ts';
import type { Resource } from './resource.ts';
import type { Variable } from './variable.ts';

/**
 * What Prometheus knows by that word, and what we know of it. One record per target; the charts, scrape
 * jobs, network policies and dashboards are functions of the list of them.
 */
export interface Target {
  /** The `job` label of its series. */
  readonly name: string;
  /** What its dashboard is called. */
  readonly title: string;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Programs that stand between Prometheus and what is monitored. Left out: it speaks Prometheus itself. */
  readonly exporters?: readonly Exporter[];
  /** Left out: it pushes by remote write. */
  readonly scrape?: Scrape;
  /**
   * PromQL that says by `instance` whether what is monitored answers (1) or not (0), where `up` only says that
   * its exporter does.
   */
  readonly health?: string;
  /** Recorded before its alerts are asked. */
  readonly recordings?: readonly Recording[];
  readonly alerts?: readonly Alert[];
  /** What budgets can be about. */
  readonly indicators?: readonly Indicator[];
  /** What of it can run out. */
  readonly resources?: readonly Resource[];
  /** What archives of runs keep of it. */
  readonly figures?: readonly Figure[];
  /** What can be chosen among its series. */
  readonly variables?: readonly Variable[];
  /** What of it is marked on every panel. */
  readonly annotations?: readonly Annotation[];
  /** In order; each says on which dashboards it stands beside the target's own. */
  readonly panels?: readonly Panel[];
}

export interface Exporter {
  /** Name of its Deployment and Service. */
  readonly name: string;
  /** The `instance` label: what it watches. */
  readonly instance: string;
  /** Whether that is a part of the stack itself: no run is invalid because it was away. */
  readonly ofStack?: boolean;
  readonly image: ImageName;
  /** Main file of a program of ours below the project's root, for the image of Node. Left out: what the image runs. */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  /** Configuration files by name, in /etc/exporter. */
  readonly files?: Readonly<Record<string, string>>;
  readonly port: number;
  /** Path that answers 200 while the exporter itself works, whether or not what it watches does. */
  readonly probePath: string;
  /** Numeric, because a user by name cannot be checked for being root before the container starts. */
  readonly user: number;
  /** Bounds of CPU (millicores) and memory (MiB): what it asks for and what it may take at most. */
  readonly resources: Resources;
  /** What it connects to. */
  readonly connects?: readonly Address[];
  /** What it reads from the Kubernetes API: it then gets a ServiceAccount with these rights and no others. */
  readonly watches?: { readonly namespaces: readonly string[]; readonly resources: readonly string[] };
  /** Its account on the server it watches, where that is made for it. */
  readonly account?: Account;
}

/** A user of a monitored server, made by a Job, with a password that was made in the cluster. */
export interface Account {
  /** Name of the Job. */
  readonly job: string;
  /** Secret that holds its `username` and `password`; generated where it does not exist. */
  readonly secret: string;
  readonly username: string;
  readonly server: string;
  /** Secret of the user who makes it, with `username` and `password`. */
  readonly adminSecret: string;
}

export type EnvVar =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly key: string; readonly optional?: boolean }
  /** A field of the pod itself, such as `metadata.name`. */
  | { readonly name: string; readonly podField: string };

export interface Resources {
  readonly requests: { readonly cpu: number; readonly memory: number };
  readonly limits: { readonly cpu: number; readonly memory: number };
}

export interface Scrape {
  readonly discovery: Discovery;
  /** @default '/metrics' */
  readonly path?: string;
  /** @default 'http' */
  readonly scheme?: 'http' | 'https';
  /** Whether labels of the exposition win over those of the target: for exporters that speak of other objects. */
  readonly honorLabels?: boolean;
  /** Whether samples keep the time that the exposition gives them. @default true */
  readonly honorTimestamps?: boolean;
  /** Whether what it scrapes comes and goes with runs, so that nothing is amiss where there is none. */
  readonly comesAndGoes?: boolean;
  readonly relabel?: readonly Relabel[];
  readonly metricRelabel?: readonly Relabel[];
}

export type Discovery =
  /** The exporters of the target. */
  | { readonly kind: 'exporters' }
  /** An address known beforehand, and the `instance` it stands for. */
  | { readonly kind: 'static'; readonly address: Address; readonly instance: string }
  /** Pods that carry the labels which `relabel` looks for. */
  | { readonly kind: 'pods'; readonly namespaces: readonly string[] }
  /** The kubelet of every node. */
  | { readonly kind: 'nodes' };

/** A relabeling step, in Prometheus' own words. */
export interface Relabel {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'replace' | 'keep' | 'drop' | 'labeldrop' | 'labelkeep';
}

/** What Prometheus notes of each scrape, of whatever is scraped. */
export const ofEachScrape = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
];

/** The addresses of a target that are known beforehand, each with the `instance` it stands for. */
export function endpointsOf({ scrape, exporters = [] }: Target): { address: Address; instance: string }[] {
  if (scrape?.discovery.kind === 'static') return [scrape.discovery];
  if (scrape?.discovery.kind !== 'exporters') return [];
  return exporters.map(({ name, port, instance }) => ({ address: { host: name, port }, instance }));
}

/** The accounts that are made on monitored servers. */
export const accountsOf = (targets: readonly Target[]): Account[] =>
  targets.flatMap(({ exporters = [] }) => exporters.flatMap(({ account }) => account ?? []));

/** How long a scrape may take: ten seconds, as Prometheus has it, but never longer than the interval. */
export const scrapeTimeout = (interval: string): string => (/^\ds$/.test(interval) ? interval : '10s');
