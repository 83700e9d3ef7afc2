import { bars } from '../report/charts/bars.ts';
import type { Picture } from '../report/charts/pictures.ts';
import type { Comparison } from './comparison.ts';
import { duration } from './format.ts';

const mostBars = 20;

/** p95 of the slowest endpoints, side by side; undefined without any. */
export function endpointBars({ endpoints }: Comparison): Picture | undefined {
  const shown = endpoints
    .filter(({ p95 }) => p95[0] !== null || p95[1] !== null)
    .sort((a, b) => Math.max(b.p95[0] ?? 0, b.p95[1] ?? 0) - Math.max(a.p95[0] ?? 0, a.p95[1] ?? 0))
    .slice(0, mostBars);
  if (shown.length === 0) return undefined;
  const names = shown.map(({ method, name }) => `${method} ${name}`.trim());
  const sides = ['baseline', 'candidate'] as const;
  const milliseconds = (seconds: number | null) => (seconds === null ? null : 1000 * seconds);
  const about = {
    id: 'endpoint-p95',
    title: 'p95 by endpoint',
    description: 'Merged from the histograms of all load generators, the mean of the runs of each side.',
  };
  return {
    ...about,
    ...{ section: 'endpoints', row: '', notes: [] },
    table: {
      head: ['Endpoint', ...sides],
      rows: shown.map(({ p95 }, index) => [names[index] ?? '', ...p95.map(duration)]),
    },
    draw: (size) =>
      bars(
        {
          ...about,
          ...{ names, axis: 'p95 in ms', of: 'Endpoint' },
          groups: sides.map((name, side) => ({
            name,
            values: shown.map(({ p95 }) => milliseconds(p95[side] ?? null)),
          })),
        },
        size,
      ),
  };
}
