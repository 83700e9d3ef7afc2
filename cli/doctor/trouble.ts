import type { Series } from '../../clients/prometheus.ts';
import { seriesOf } from '../../contract/catalogue.ts';
import { matches } from '../../contract/selector.ts';
import type { Target } from '../../model/target.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { isThere, type Selector } from './selector.ts';
import { isDown, scrapesOf, upOf } from './up.ts';

/** What keeps a target from having the series of a selector: nothing is scraped, or it does not answer. */
export async function troubleOf(
  target: Target,
  selector: Selector,
  targets: readonly Target[],
  evidence: Evidence,
): Promise<Reason | undefined> {
  const { name, scrape } = target;
  if (!scrape) return nothingMeasured(target, evidence);
  const all = scrapesOf(target, await upOf(targets, evidence));
  if (all.length === 0 && scrape.comesAndGoes) return nothingMeasured(target, evidence);
  if (all.length === 0) return reason('no_target', `Prometheus scrapes nothing as job ${name}`);
  const asked = all.filter((series) => isAsked(series, selector));
  const down = await downOf(target, asked, evidence);
  const [first, ...more] = down;
  if (!first) return undefined;
  // Of several, those that answer would have the metric.
  if (down.length < asked.length && (await isThere({ ...selector, matchers: [] }, evidence))) return undefined;
  return reason('target_down', `${first}${more.length ? `, and ${more.length} more of job ${name}` : ''}`);
}

/** Whether a selector asks for series of a scrape, as far as its labels are those of the scrape. */
const isAsked = ({ metric }: Series, { matchers }: Selector) =>
  matchers.every((matcher) => {
    const value = metric[matcher.label];
    return value === undefined || matches(matcher, value);
  });

/** Those of a target that do not answer, or whose exporter says so of what it watches; each with what is known. */
async function downOf({ name, health }: Target, scraped: readonly Series[], evidence: Evidence): Promise<string[]> {
  const failing = health ? (await evidence.now(health)).filter(isDown).map(({ metric }) => metric.instance) : [];
  const descriptions = scraped.map(async (series) => {
    const { instance = '' } = series.metric;
    if (isDown(series)) return `${name}/${instance}${await lastError(name, instance, evidence)}`;
    return failing.includes(instance) ? `${name}/${instance}, which does not answer its exporter` : undefined;
  });
  return (await Promise.all(descriptions)).filter((description) => description !== undefined);
}

async function lastError(job: string, instance: string, evidence: Evidence): Promise<string> {
  const targets = await evidence.targets();
  const found = targets.find(({ labels }) => labels.job === job && labels.instance === instance);
  return found?.lastError ? `: ${found.lastError}` : '';
}

async function nothingMeasured({ name, metrics }: Target, evidence: Evidence): Promise<Reason | undefined> {
  const names = Object.values(metrics).flatMap((metric) => seriesOf(metric).map(([series]) => series));
  const { start, end } = evidence.range;
  // Of several metrics, whose names a count_over_time would take away, and so what tells them apart.
  const pushed = await evidence.now(
    `count(last_over_time({__name__=~"${names.join('|')}",job="${name}"}[${end - start}s]))`,
  );
  return pushed.length ? undefined : reason('nothing_pushed', 'start a load test');
}
