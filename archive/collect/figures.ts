import { concurrently } from '../../clients/concurrently.ts';
import type { Target } from '../../model/target.ts';
import { figures } from '../../rules/figures.ts';
import type { RunArchive } from '../archive.ts';
import type { Asking } from './asking.ts';
import { onAxis } from './series.ts';

/** Questions that Prometheus is asked at a time. */
export const atOnce = 4;

/** What attribution, cost and trends compute with. */
export async function figuresOf(targets: readonly Target[], asking: Asking): Promise<RunArchive['figures']> {
  const found = await concurrently(atOnce, figures(targets), async ({ name, expr }) => {
    const series = await asking.range(`Figure ${name}`, expr);
    return [name, onAxis(series, asking.axis)] as const;
  });
  const without = found.filter(([, series]) => series.length === 0).map(([name]) => name);
  if (without.length) asking.gaps.push(`No data in the time of the run for these figures: ${without.join(', ')}.`);
  return Object.fromEntries(found.filter(([, series]) => series.length > 0));
}
