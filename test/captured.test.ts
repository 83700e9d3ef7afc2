import { targets } from '../exporters/index.ts';
import type { MetricKind } from '../model/metric.ts';
import { captured } from './captured.ts';
import { configOf, demoConfig } from './config-fixture.ts';

/** The declarations against what the components really exposed, as `npm run capture` wrote it down. */

/** What an exporter may call each kind; some exporters, and k6, say nothing. */
const types: Record<MetricKind, readonly string[]> = {
  counter: ['counter', 'unknown', 'untyped'],
  gauge: ['gauge', 'unknown', 'untyped'],
  histogram: ['histogram', 'counter', 'unknown'],
  nativeHistogram: ['nativehistogram'],
};

/** Of load generators, in both of the forms that they push response times in. */
const all = [true, false].flatMap((nativeHistograms) =>
  targets(configOf({ ...demoConfig, nativeHistograms })).filter(({ name }) => nativeHistograms || name === 'k6'),
);

describe.each(all.map((target) => [target.name, target] as const))('%s', (job, { metrics }) => {
  test.each(Object.values(metrics).map((metric) => [metric.name, metric] as const))(
    '%s was seen with its kind and its labels',
    (name, { kind, labels }) => {
      const series = kind === 'histogram' ? `${name}_bucket` : name;
      // The stack that is captured has no replicas; what they add was written down beside it.
      const found = captured.get(job)?.get(series) ?? captured.get(`${job}-replica`)?.get(series);
      expect({ name, labels: found?.labels }).toEqual({ name, labels: [...labels].sort() });
      expect(types[kind]).toContain(found?.type);
    },
  );
});
