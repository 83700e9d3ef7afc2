import type { Target } from '../model/target.ts';
import { board } from './board.ts';
import { grid } from './grid.ts';

/** The load, the services and the systems behind them on one screen: three panels a row, as the targets bring them. */
export function overview(targets: readonly Target[]) {
  const panels = targets.flatMap((target) => target.panels ?? []).filter(({ boards }) => boards?.includes('overview'));
  return board(
    {
      uid: 'load-test-overview',
      title: 'Load test overview',
      description: 'What the load is, how the services answer it, and what it costs the systems behind them.',
      rows: [{ panels: grid(panels) }],
    },
    targets,
  );
}
