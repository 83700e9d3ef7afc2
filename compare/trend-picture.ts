import { draw } from '../report/charts/draw.ts';
import { frame } from '../report/charts/frame.ts';
import { lineLook } from '../report/charts/palette.ts';
import type { Picture } from '../report/charts/pictures.ts';
import { duration } from './format.ts';
import type { TrendRun } from './trends.ts';

const percentiles = ['p50', 'p95', 'p99'] as const;

/** Percentiles over runs, with a dashed line where latency changed; undefined of fewer than two runs. */
export function percentileLines(runs: readonly TrendRun[]): Picture | undefined {
  const shown = runs.filter(({ p50 }) => p50 !== null);
  if (shown.length < 2) return undefined;
  const about = {
    id: 'trend-latency',
    title: 'Percentiles over runs',
    description: 'Of all requests of each run. A dashed line marks a run whose latency left that of the runs before.',
  };
  const looks = percentiles.map((name, index) => ({ name, ...lineLook(index) }));
  const changes = shown.flatMap(({ changes }, index) =>
    changes.some(({ figure }) => figure === 'latency') ? [{ xAxis: index + 1 }] : [],
  );
  return {
    ...about,
    ...{ section: 'latency', row: '', notes: [] },
    table: {
      head: ['Run', ...percentiles],
      rows: shown.map((run) => [run.testid, ...percentiles.map((name) => duration(run[name]))]),
    },
    draw: (size) => {
      const surround = frame({
        size,
        x: { name: 'Run, the oldest first', min: 1, max: shown.length, interval: Math.ceil(shown.length / 10) },
        y: { name: 'Response time in ms', min: 0 },
        legend: looks,
      });
      const series = percentiles.map((name, index) => ({
        type: 'line' as const,
        name,
        silent: true,
        symbolSize: 5,
        itemStyle: { color: looks[index]?.color ?? '' },
        lineStyle: { color: looks[index]?.color ?? '', width: 1.8, type: [...(looks[index]?.dash ?? [])] },
        data: shown.map((run, at) => [at + 1, 1000 * (run[name] ?? 0)]),
        ...(index === 0 ? { markLine: { silent: true, symbol: 'none', label: { show: false }, data: changes } } : {}),
      }));
      return draw({ ...surround.option, series }, about, surround.size);
    },
  };
}
