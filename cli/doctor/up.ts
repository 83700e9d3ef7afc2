import type { Series } from '../../clients/prometheus.ts';
import { endpointsOf, type Target } from '../../model/target.ts';
import type { Evidence } from './evidence.ts';

/** `up` of whatever is scraped of the targets; the Prometheus may have jobs of others, too. */
export async function upOf(targets: readonly Target[], evidence: Evidence): Promise<readonly Series[]> {
  const jobs = targets.filter(({ scrape }) => scrape).map(({ name }) => name);
  return evidence.now(`up{job=~"${jobs.join('|')}"}`);
}

/** Those of a target. Others may call a job of theirs the same, but not what it scrapes, where that is known beforehand. */
export function scrapesOf(target: Target, up: readonly Series[]): readonly Series[] {
  const instances = instancesOf(target);
  return up.filter(
    ({ metric: { job, instance = '' } }) =>
      job === target.name && (instances.length === 0 || instances.includes(instance)),
  );
}

/** What is to be scraped of a target; of pods and nodes it is not known. */
export const instancesOf = (target: Target): string[] => endpointsOf(target).map(({ instance }) => instance);

export const isDown = ({ value }: Series): boolean => Number(value?.[1]) === 0;
