import { seriesOf } from '../contract/catalogue.ts';
import type { Target } from '../model/target.ts';
import type { WrittenJob } from '../synth/written-jobs.ts';
import { captured } from './captured.ts';
import { relabel } from './relabel.ts';

/** The captured names that each job's relabeling lets through. What a label says does not matter, only that it is there. */
export const stored = (jobs: readonly WrittenJob[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    jobs.map(({ job, metricRelabel }) => [
      job,
      [...(captured.get(job) ?? [])].flatMap(([__name__, { labels }]) => {
        const series = { ...Object.fromEntries(labels.map((label) => [label, 'x'])), __name__ };
        return relabel(series, metricRelabel) ? [__name__] : [];
      }),
    ]),
  );

/** The names of the series that a target declares. */
export const seriesOfJob = ({ metrics }: Target): string[] =>
  Object.values(metrics).flatMap((metric) => seriesOf(metric).map(([name]) => name));
