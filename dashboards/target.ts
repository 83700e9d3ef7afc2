import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Target } from '../model/target.ts';
import { board } from './board.ts';
import { grid, rowsOf } from './grid.ts';

/** All that is known of one target, under the headings that its panels have. */
export function ofTarget(target: Target, targets: readonly Target[]): Dashboard {
  const { name, title, panels = [] } = target;
  return board(
    {
      uid: `loadscope-${name}`,
      title,
      description: `All panels of ${title}: those of the overview and of the bottlenecks, and what is looked up more seldom.`,
      rows: [...rowsOf(panels, title)].map(([heading, ofRow]) => ({ title: heading, panels: grid(ofRow) })),
    },
    targets,
  );
}
