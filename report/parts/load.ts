import type { RunArchive } from '../../archive/archive.ts';
import { isByRate, rateWindow } from '../rate.ts';
import type { Report } from '../schema.ts';
import { figure, meanOf, peakOf } from './series.ts';

/** Of the most virtual users; fewer are on their way up or down. Rates waver, also while they are full. */
const fullFrom = { vus: 0.95, requests: 0.9 };

export function loadOf(archive: RunArchive): Report['load'] {
  const { run } = archive;
  const vus = figure(archive, 'vus');
  const requests = figure(archive, 'requests');
  const full = fullLoad(archive);
  const rate = rateAt(archive, full);
  const peak = requests && peakOf(requests);
  return {
    asked: { vus: run.vus ?? null, rate: run.rate ?? null, duration: run.duration ?? null },
    reached: {
      vus: (vus && peakOf(vus)) ?? null,
      rate: rate ?? null,
      // Rates that never filled are below what was sent.
      peak: peak === undefined ? null : Math.max(peak, rate ?? 0),
      requests: counted(archive, 'requests'),
      failed: counted(archive, 'failed'),
      dropped: droppedIn(archive),
    },
    full,
  };
}

function fullLoad(archive: RunArchive): Report['load']['full'] {
  const by = isByRate(archive) ? 'requests' : 'vus';
  const series = figure(archive, by);
  const most = series && peakOf(series);
  if (!series || !most) return null;
  const isFull = (value: number | null) => value !== null && value >= fullFrom[by] * most;
  const at = (index: number) => Math.max(sinceStart(archive, index), 0);
  return { from: at(series.values.findIndex(isFull)), until: at(series.values.findLastIndex(isFull)) };
}

/** At full load, once rates have filled with it; of a load that was too short for that, over the whole run. */
function rateAt(archive: RunArchive, full: Report['load']['full']): number | undefined {
  const { run } = archive;
  const between = (from: number, until: number) =>
    meanOf({
      values: (figure(archive, 'requests')?.values ?? []).filter((_, index) => {
        const time = sinceStart(archive, index);
        return time >= from && time <= until;
      }),
    });
  const isLong = full && full.until - full.from >= 2 * rateWindow;
  const filled = isLong ? between(full.from + rateWindow, full.until) : undefined;
  if (filled !== undefined) return filled;
  const requests = counted(archive, 'requests');
  const length = run.end - run.start;
  if (requests !== null && length > 0) return requests / length;
  return between(full?.from ?? Number.NEGATIVE_INFINITY, full?.until ?? Number.POSITIVE_INFINITY);
}

const counted = ({ endpoints }: RunArchive, of: 'requests' | 'failed'): number | null =>
  endpoints.length ? endpoints.reduce((all, endpoint) => all + endpoint[of], 0) : null;

/** As the runners counted them: a rate has lost most of them by the end of a short run. */
function droppedIn(archive: RunArchive): number | null {
  const { verdict, axis } = archive;
  const runners = verdict?.runners;
  if (runners && !('missing' in runners)) {
    const counts = runners.flatMap((one) => ('missing' in one ? [] : one.dropped));
    if (counts.length && counts.length === runners.length) return counts.reduce((all, count) => all + count, 0);
  }
  const dropped = figure(archive, 'dropped');
  return dropped ? Math.round(dropped.values.reduce<number>((all, value) => all + (value ?? 0) * axis.step, 0)) : null;
}

const sinceStart = ({ axis, run }: RunArchive, index: number): number => axis.start + index * axis.step - run.start;
