import { gauge } from './metric.ts';

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
}

/** One series for each facet of each resource, recorded from the above. */
export const pressure = gauge(
  'resource:pressure:ratio',
  ['resource', 'facet', 'of', 'service', 'instance', 'testid'],
  'How near a resource is to its knee, which is at 1.',
);
