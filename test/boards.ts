import type { Dashboard as GrafanaDashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../dashboards/index.ts';
import { targets } from '../exporters/index.ts';
import { ruleFile } from '../rules/index.ts';
import { configOf, fullConfig } from './config-fixture.ts';
import type { Manifest } from './stack-fixture.ts';

export type Dashboard = GrafanaDashboard & { readonly title: string };

/** As Grafana gets them. */
const made = new Map<unknown, Dashboard[]>();
export function boards(config: unknown): Dashboard[] {
  const known = made.get(config) ?? JSON.parse(JSON.stringify(dashboards(configOf(config), targets(configOf(config)))));
  made.set(config, known);
  return known;
}
export const board = (uid: string, config: unknown = fullConfig): Dashboard => {
  const found = boards(config).find((dashboard) => dashboard.uid === uid);
  if (!found) throw new Error(`there is no ${uid}`);
  return found;
};
/** Panels, those of rows that are folded up too, without the rows. */
export const panelsOf = (dashboard: Dashboard): Manifest[] =>
  (dashboard.panels as Manifest[]).flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
export const rowsOf = (dashboard: Dashboard): Manifest[] =>
  (dashboard.panels as Manifest[]).filter(({ type }) => type === 'row');
export const rulesOf = (config: unknown) => ruleFile(configOf(config), targets(configOf(config)));
export const titlesOf = (panels: readonly Manifest[]): string[] => panels.map(({ title }) => title);
export const variablesOf = (dashboard: Dashboard) => dashboard.templating?.list?.map(({ name }) => name);
export const queriesOf = (dashboard: Dashboard): { panel: string; expr: string }[] =>
  panelsOf(dashboard).flatMap(({ title, targets: queries = [] }) =>
    queries.map(({ expr }: { expr: string }) => ({ panel: title, expr })),
  );
