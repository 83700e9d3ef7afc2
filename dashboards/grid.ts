import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../model/panel.ts';

/** Columns of Grafana's grid. */
const gridWidth = 24;

export interface Placed {
  readonly panel: Panel;
  /** Counted from the top of its row. */
  readonly at: GridPos;
}

/** Panels side by side, row after row. The SDK's own layout lets them run over the edge of the grid. */
export const grid = (
  panels: readonly Panel[],
  { columns = 3, height = 8, from = 0 }: { columns?: number; height?: number; from?: number } = {},
): Placed[] => {
  const width = Math.floor(gridWidth / columns);
  return panels.map((panel, index) => ({
    panel,
    at: { x: (index % columns) * width, y: from + Math.floor(index / columns) * height, w: width, h: height },
  }));
};

export const heightOf = (placed: readonly Placed[]): number => Math.max(0, ...placed.map(({ at }) => at.y + at.h));

/** Panels by the heading of their row, in the order in which headings first come. */
export function rowsOf(panels: readonly Panel[], heading: string): Map<string, Panel[]> {
  const rows = new Map<string, Panel[]>();
  for (const panel of panels) {
    const row = panel.row ?? heading;
    rows.set(row, [...(rows.get(row) ?? []), panel]);
  }
  return rows;
}
