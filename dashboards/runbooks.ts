import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import * as text from '@grafana/grafana-foundation-sdk/text';
import { runbookPanel, runbooksUid } from '../model/link.ts';
import { linkToOthers, tag } from './board.ts';

const folder = new URL('../docs/runbooks/', import.meta.url);

const columns = 2;
const height = 16;
const width = 24 / columns;

/** What to do about each alert: where a cluster cannot reach the pages of a project, its Grafana has them. */
export function runbooks(alerts: readonly string[]): Dashboard {
  const builder = new DashboardBuilder('Runbooks')
    .uid(runbooksUid)
    .description('What each alert means, how to confirm it, what to do, and when to stop the load.')
    .tags([tag])
    .readonly()
    .timezone('browser')
    .link(linkToOthers());
  for (const [index, alert] of [...new Set(alerts)].sort().entries())
    builder.withPanel(
      new text.PanelBuilder()
        .id(runbookPanel(alert))
        .title(alert)
        .gridPos({ x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height })
        .mode(text.TextMode.Markdown)
        .content(runbook(alert)),
    );
  return builder.build();
}

/** The page without its heading, which is the title of the panel. */
function runbook(alert: string): string {
  const file = fileURLToPath(new URL(`${alert}.md`, folder));
  // An alert of one's own may come before its page.
  if (!existsSync(file)) return `There is no page yet: write docs/runbooks/${alert}.md.`;
  return readFileSync(file, 'utf8')
    .replace(/^# .*\n+/, '')
    .trim();
}
