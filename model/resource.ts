import { gauge } from './metric.ts';
import type { Stage } from './stage.ts';

/**
 * Something that a system can run out of. Its facets are those of the USE method: how much of it is in use, how much
 * waits for it, how much failed for want of it.
 */
export interface Resource {
  /** As a ranking calls it, such as `hikari-pool`. */
  readonly resource: string;
  readonly facet: 'utilization' | 'saturation' | 'errors';
  /** The label that says whose it is. */
  readonly of: 'service' | 'instance' | 'testid';
  /** PromQL that gives by that label how near it is to its knee, from where on latency grows: 1 is there. */
  readonly pressure: string;
  /** Where it stands on the way of a request; left out where no request waits for it. */
  readonly place?: Place;
  /** Whose it is where it stands elsewhere, such as CPU of a database, by the same label; no place: no request waits. */
  readonly elsewhere?: readonly { readonly of: string; readonly place?: Place }[];
}

interface Place {
  /** The stage of a request that takes longer for want of it. */
  readonly stage: Stage;
  /** How far it is from the user: of several that are short, the furthest is the cause. */
  readonly depth: number;
}

/** One series for each facet of each resource, recorded from the above. */
export const pressure = gauge(
  'resource:pressure:ratio',
  ['resource', 'facet', 'of', 'service', 'instance', 'testid'],
  'How near a resource is to its knee, which is at 1.',
);

/** Recorded for the resource that holds a run up: how far from the user it is, and behind the point how short. */
export const verdictScore = gauge(
  'resource:bottleneck:verdict',
  ['resource', 'stage', 'of'],
  'The resource that holds a load test up; none where nothing does.',
);
