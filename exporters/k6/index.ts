import type { Config } from '../../model/config.ts';
import { group, labelValues, last, max, rate, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import type { Target } from '../../model/target.ts';
import { alerts } from './alerts.ts';
import { indicators } from './indicators.ts';
import { nativeLatency, trendStatsLatency } from './latency.ts';
import { countedIn, metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { recordings } from './recordings.ts';
import { ofRun } from './run.ts';

/** The load generators, which push by remote write. */
export function k6(config: Config): Target | undefined {
  if (config.loadTests.length === 0) return undefined;
  const latency = (config.nativeHistograms ? nativeLatency : trendStatsLatency)(config);
  const window = ruleWindow(config);
  const droppedRate = sum(rate(metrics.dropped, {}, window), 'testid');
  const doneRate = sum(rate(metrics.iterations, {}, window), 'testid');
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
    variables: [
      { name: 'testid', label: 'Run', query: labelValues(metrics.requests, 'testid'), order: 'descending' },
      {
        name: 'baseline',
        label: 'Baseline',
        // Of the whole retention, since an earlier run is seldom in the time that the dashboard shows.
        query: `query_result(${group(last(metrics.vus, {}, config.retention.time), 'testid')} or label_replace(vector(0), "testid", "none", "", ""))`,
        regex: '/testid="([^"]+)"/',
        order: 'descending',
        single: 'none',
      },
    ],
    annotations: [
      {
        name: 'Load tests',
        expr: `${max(select(metrics.vus, ofRun), 'testid')} > 0`,
        title: 'Load test {{testid}}',
        color: 'blue',
      },
    ],
    recordings: recordings(latency),
    alerts: alerts(config),
    indicators: indicators(config, latency),
    panels: panels(config, latency),
  };
}
