import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Target } from '../model/target.ts';
import { annotations } from './annotations.ts';
import { heightOf, type Placed } from './grid.ts';
import { drawPanel } from './panel.ts';
import { datasourceVariable, intervalVariable, queryVariable } from './variables.ts';

/** A dashboard as data. */
interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

interface Row {
  /** Left out: the panels stand without a heading. */
  readonly title?: string;
  readonly panels: readonly Placed[];
  /** Folded up: its panels ask nothing until somebody opens it. */
  readonly collapsed?: boolean;
}

/** By which the dashboards find each other. */
export const tag = 'loadscope';

export const linkToOthers = () =>
  new DashboardLinkBuilder('Load test dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);

/** What all dashboards share: where they are found, what can be chosen on them, what is marked, and the way to the others. */
export function board({ uid, title, description, rows }: Board, targets: readonly Target[]): Dashboard {
  const marked = annotations(targets);
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .annotations(marked)
    .link(linkToOthers());

  // Ids are ours, since the SDK leaves them out.
  let id = 0;
  let y = 0;
  for (const { title: heading, panels, collapsed = false } of rows) {
    const top = heading ? y + 1 : y;
    const row = heading
      ? new RowBuilder(heading).id(++id).collapsed(collapsed).gridPos({ x: 0, y, w: 24, h: 1 })
      : undefined;
    const drawn = panels.map(({ panel, at }) => drawPanel(panel, ++id, { ...at, y: top + at.y }));
    // Grafana keeps the panels of a row that is folded up inside it, and those of an open one behind it.
    if (row && collapsed) for (const panel of drawn) row.withPanel(panel);
    if (row) builder.withRow(row);
    if (!row || !collapsed) for (const panel of drawn) builder.withPanel(panel);
    y = top + (collapsed ? 0 : heightOf(panels));
  }

  const asked = JSON.stringify([rows, marked.map((annotation) => annotation.build())]);
  const used = targets
    .flatMap((target) => target.variables ?? [])
    .filter(({ name }) => new RegExp(`\\$(${name}\\b|\\{${name}[:}])`).test(asked));
  builder.variables([datasourceVariable(), ...used.map(queryVariable), intervalVariable()]);
  return builder.build();
}
