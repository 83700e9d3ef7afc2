import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../model/panel.ts';
import type { Target } from '../model/target.ts';
import { measuresStages } from '../rules/bottleneck.ts';
import { board } from './board.ts';
import { grid, rowsOf } from './grid.ts';
import { atTheKnee, limiting, pressureOverTime, ranking } from './ranking.ts';

/** What gave way first: the ranking and the verdict on top, the evidence in rows that are folded up below. */
export function bottleneck(targets: readonly Target[]): Dashboard {
  const on = (place: 'verdict' | 'bottleneck') => (panel: Panel) => panel.boards?.includes(place) ?? false;
  const verdict = targets.flatMap(({ panels = [] }) => panels).filter(on('verdict'));
  const figures = [
    ...(measuresStages(targets) ? [limiting] : []),
    atTheKnee,
    ...verdict.filter(({ type }) => type === 'stat'),
  ];
  const charts = [ranking, pressureOverTime, ...verdict.filter(({ type }) => type !== 'stat')];

  const rows = new Map<string, Panel[]>();
  for (const { title, panels = [] } of targets)
    for (const [heading, ofRow] of rowsOf(panels.filter(on('bottleneck')), title))
      rows.set(heading, [...(rows.get(heading) ?? []), ...ofRow]);
  return board(
    {
      uid: 'bottleneck-detection',
      title: 'Bottleneck detection',
      description:
        'Which resource limits the system: first the ranking, then whether the run was good, then the evidence by system in the rows below.',
      rows: [
        {
          panels: [
            ...grid(figures, { columns: Math.min(figures.length, 8), height: 4 }),
            ...grid(charts, { columns: 2, height: 10, from: 4 * Math.ceil(figures.length / 8) }),
          ],
        },
        ...[...rows].map(([title, ofRow]) => ({ title, panels: grid(ofRow), collapsed: true })),
      ],
    },
    targets,
  );
}
