import { expressionsOf } from '../contract/dashboard.ts';
import { interpolate } from '../contract/interpolate.ts';
import { readConfig } from '../model/config-file.ts';
import { checkedQueries } from '../synth/publish.ts';

/**
 * What recorded series spare a live Prometheus: the samples that one evaluation of all rules and panels that read a
 * series touches, with the series recorded once, and with its expression in each of them.
 *
 * usage: npm run bench:recordings -- CONFIG URL   (of the Prometheus of a stack under load)
 */

const [file = '', url = ''] = process.argv.slice(2);
if (!file || !url) throw new Error('usage: npm run bench:recordings -- CONFIG URL');

/** Samples that Prometheus touches for a query. */
async function samplesOf(query: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query, stats: 'all' }),
  });
  const { data, error } = (await response.json()) as {
    data?: { stats: { samples: { totalQueryableSamples: number } } };
    error?: string;
  };
  if (!data) throw new Error(`${query}: ${error}`);
  return data.stats.samples.totalQueryableSamples;
}

const { rules, dashboards } = checkedQueries(readConfig(file));
const all = rules.groups.flatMap((group) => group.rules);
const panels = dashboards.flatMap(expressionsOf).map(({ text, variables }) => interpolate(text, variables));
const readers = [...new Set([...all.map(({ expr }) => expr), ...panels])];

const rows: Record<string, object> = {};
for (const record of new Set(all.flatMap((rule) => rule.record ?? []))) {
  const name = new RegExp(`(?<![\\w:])${record}(?![\\w:])(\\{[^}]*\\})?`, 'g');
  const reading = readers.filter((expr) => expr.match(name));
  const expressions = all.filter((rule) => rule.record === record).map(({ expr }) => expr);
  let recorded = 0;
  for (const expr of expressions) recorded += await samplesOf(expr);
  let [through, without] = [0, 0];
  for (const expr of reading) {
    through += await samplesOf(expr);
    // A series of several rules is worked out by all of them.
    without += (await samplesOf(expr)) + recorded * [...expr.matchAll(name)].length;
  }
  rows[record] = {
    'read by': reading.length,
    'samples recorded': recorded + through,
    'samples in each': without,
    ratio: Number((without / (recorded + through)).toFixed(1)),
  };
}
console.table(rows);
