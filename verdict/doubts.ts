import type { Series } from '../clients/prometheus.ts';
import type { Doubt } from '../rules/validity.ts';
import { ask, numberOf } from './ask.ts';
import type { Asked, Run } from './run.ts';

/** Of two hundred runners that are all too slow, a few make the point. */
const shown = 3;

/** A reason to doubt a run, in words: one for each that it is about, and none where there is no such reason. */
export async function doubtsAbout({ reason, expr }: Doubt, run: Run, prometheus: Asked): Promise<string[]> {
  // Nobody can be missed whose name is not known.
  if (expr.includes('$service') && run.service === undefined) return [];
  const found = await ask(expr, run, prometheus);
  const said = [...new Set(found.map((series) => sentence(reason, series, run)))];
  const rest = said.slice(shown);
  return rest.length ? [...said.slice(0, shown), `the same of ${rest.length} more`] : said;
}

const sentence = (reason: string, series: Series, { service = '' }: Run) =>
  reason
    .replaceAll('$service', () => service)
    .replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) =>
      label === 'value' ? String(Number(numberOf(series).toPrecision(3))) : (series.metric[label] ?? ''),
    );
