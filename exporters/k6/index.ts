import type { Config } from '../../model/config.ts';
import { rate, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import type { Target } from '../../model/target.ts';
import { loadFigures } from '../load-figures.ts';
import { alerts } from './alerts.ts';
import { indicators } from './indicators.ts';
import { nativeLatency, trendStatsLatency } from './latency.ts';
import { countedIn, metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { recordings } from './recordings.ts';

/** The load generators, which push by remote write. */
export function k6(config: Config): Target | undefined {
  if (config.loadTests.length === 0) return undefined;
  const latency = (config.nativeHistograms ? nativeLatency : trendStatsLatency)(config);
  const window = ruleWindow(config);
  const droppedRate = sum(rate(metrics.dropped, {}, window), 'testid');
  const doneRate = sum(rate(metrics.iterations, {}, window), 'testid');
  const own = indicators(config, latency);
  const ofRun = { testid: '=$testid' } as const;
  return {
    name: 'k6',
    title: 'k6',
    metrics: { ...metrics, ...countedIn(config), ...latency.metrics },
    resources: [
      {
        resource: 'load-generator',
        facet: 'errors',
        of: 'testid',
        // More than one in a hundred iterations that were not made: from there on a run measures its generator.
        pressure: `${ratio(droppedRate, `(${doneRate} + ${droppedRate})`)} / 0.01`,
      },
    ],
    recordings: recordings(latency),
    alerts: alerts(config),
    indicators: own,
    figures: [
      ...loadFigures(own),
      { name: 'vus', expr: sum(select(metrics.vus, ofRun)) },
      {
        name: 'dropped',
        expr: `${sum(rate(metrics.dropped, ofRun, window))} or 0 * ${sum(rate(metrics.iterations, ofRun, window))}`,
      },
    ],
    panels: panels(config, latency),
  };
}
