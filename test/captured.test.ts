import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { targets } from '../exporters/index.ts';
import type { MetricKind } from '../model/metric.ts';
import { configOf, demoConfig } from './stack-fixture.ts';

/** The declarations against what the components really exposed, as `npm run capture` wrote it down. */

const folder = join(import.meta.dirname, '../exporters/captured');

interface Captured {
  readonly type: string;
  readonly labels: readonly string[];
}

const captured = new Map(
  readdirSync(folder).map((file) => {
    const metrics = new Map<string, Captured>();
    const lines = readFileSync(join(folder, file), 'utf8').matchAll(/^# TYPE (\S+) (\S+)\n\1\{(.*)\}$/gm);
    for (const [, name = '', type = '', labels = ''] of lines) metrics.set(name, { type, labels: labels.split(',') });
    return [file.replace(/\.prom$/, ''), metrics] as const;
  }),
);

/** What an exporter may call each kind; some exporters, and k6, say nothing. */
const types: Record<MetricKind, readonly string[]> = {
  counter: ['counter', 'unknown', 'untyped'],
  gauge: ['gauge', 'unknown', 'untyped'],
  histogram: ['histogram', 'counter', 'unknown'],
  nativeHistogram: ['nativehistogram'],
};

describe.each(targets(configOf(demoConfig)).map((target) => [target.name, target] as const))(
  '%s',
  (job, { metrics }) => {
    test.each(Object.values(metrics).map((metric) => [metric.name, metric] as const))(
      '%s was seen with its kind and its labels',
      (name, { kind, labels }) => {
        const found = captured.get(job)?.get(kind === 'histogram' ? `${name}_bucket` : name);
        expect({ name, labels: found?.labels }).toEqual({ name, labels: [...labels].sort() });
        expect(types[kind]).toContain(found?.type);
      },
    );
  },
);
