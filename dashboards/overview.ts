import { DashboardBuilder, DashboardCursorSync } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Target } from '../model/target.ts';
import { drawPanel } from './panel.ts';
import { datasourceVariable, intervalVariable, queryVariable } from './variables.ts';

/** Columns of Grafana's grid over panels in a row. */
const width = 24 / 3;
const height = 8;

/** The load, the services and the systems behind them on one screen: three panels a row, as the targets bring them. */
export function overview(targets: readonly Target[]) {
  const builder = new DashboardBuilder('Load test overview')
    .uid('load-test-overview')
    .description('What the load is, how the services answer it, and what it costs the systems behind them.')
    .tags(['loadscope'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .variables([
      datasourceVariable(),
      ...targets.flatMap((target) => target.variables ?? []).map(queryVariable),
      intervalVariable(),
    ]);
  const panels = targets.flatMap((target) => target.overview ?? []);
  for (const [index, panel] of panels.entries())
    builder.withPanel(
      drawPanel(panel, index + 1, {
        x: (index % 3) * width,
        y: Math.floor(index / 3) * height,
        w: width,
        h: height,
      }),
    );
  return builder.build();
}
