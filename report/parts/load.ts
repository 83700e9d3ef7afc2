import type { RunArchive } from '../../archive/archive.ts';
import type { Report } from '../schema.ts';
import { figure, meanOf, peakOf } from './series.ts';

/** Of the most virtual users; fewer are on their way up or down. */
const fullFrom = 0.95;

export function loadOf(archive: RunArchive): Report['load'] {
  const { run, axis, endpoints } = archive;
  const vus = figure(archive, 'vus');
  const requests = figure(archive, 'requests');
  const dropped = figure(archive, 'dropped');
  const full = fullLoad(archive);
  const sum = (of: 'requests' | 'failed') => endpoints.reduce((all, endpoint) => all + endpoint[of], 0);
  const atFull = requests?.values.filter((_, index) => {
    const time = axis.start + index * axis.step - run.start;
    return full === null || (time >= full.from && time <= full.until);
  });
  return {
    asked: { vus: run.vus ?? null, rate: run.rate ?? null, duration: run.duration ?? null },
    reached: {
      vus: (vus && peakOf(vus)) ?? null,
      rate: (atFull && meanOf({ values: atFull })) ?? null,
      peak: (requests && peakOf(requests)) ?? null,
      requests: sum('requests'),
      failed: sum('failed'),
      dropped: dropped
        ? Math.round(dropped.values.reduce<number>((all, value) => all + (value ?? 0) * axis.step, 0))
        : null,
    },
    full,
  };
}

function fullLoad(archive: RunArchive): Report['load']['full'] {
  const { run, axis } = archive;
  const vus = figure(archive, 'vus');
  const most = vus && peakOf(vus);
  if (!vus || !most) return null;
  const isFull = (value: number | null) => value !== null && value >= fullFrom * most;
  const at = (index: number) => Math.max(axis.start + index * axis.step - run.start, 0);
  return { from: at(vus.values.findIndex(isFull)), until: at(vus.values.findLastIndex(isFull)) };
}
