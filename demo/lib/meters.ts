import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { PeakWindow } from './peak-window.ts';

/** How long something took, by labels: `_count`, `_sum` and `_max`, and `_bucket` where it is a histogram. */
export interface Timer<Label extends string> {
  record(labels: Readonly<Record<Label, string>>, seconds: number): void;
}

interface TimerProps<Label extends string> {
  /** Without the suffixes. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** @default false */
  readonly histogram?: boolean;
}

/** The metrics of a service, under the names and conventions of Micrometer and its Prometheus registry. */
export class Meters {
  readonly registry = new Registry();

  /** @param application the label that Spring Boot services set by `management.metrics.tags.application` */
  constructor(application: string) {
    this.registry.setDefaultLabels({ application });
  }

  counter<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** A gauge that is read when it is scraped. */
  gauge(name: string, help: string, read: () => number): void {
    this.labelledGauge(name, help, [], () => [[{}, read()]]);
  }

  /** Gauges that share one set of labels: what each means, and how it is read when it is scraped. */
  gauges<Label extends string>(
    labels: Readonly<Record<Label, string>>,
    table: Readonly<Record<string, readonly [help: string, read: () => number]>>,
  ): void {
    for (const [name, [help, read]] of Object.entries(table))
      this.labelledGauge(name, help, Object.keys(labels) as Label[], () => [[labels, read()]]);
  }

  /** A gauge with labels, of which all series are read when it is scraped. */
  labelledGauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<readonly [Readonly<Record<Label, string>>, number]>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  }

  timer<Label extends string>({ name, help, labels, histogram = false }: TimerProps<Label>): Timer<Label> {
    const base = { name, help, labelNames: [...labels], registers: [this.registry] };
    const durations = histogram
      ? new Histogram({ ...base, buckets: latencyBuckets })
      : new Summary({ ...base, percentiles: [] });
    const peaks = new Map<string, { labels: Readonly<Record<Label, string>>; window: PeakWindow }>();
    this.labelledGauge(`${name}_max`, help, labels, () =>
      [...peaks.values()].map(({ labels: of, window }) => [of, window.peak(Date.now())] as const),
    );
    return {
      record(of, seconds) {
        durations.observe(of, seconds);
        const key = labels.map((label) => of[label]).join('\0');
        const known = peaks.get(key);
        if (known) known.window.record(Date.now(), seconds);
        else {
          const window = new PeakWindow();
          window.record(Date.now(), seconds);
          peaks.set(key, { labels: of, window });
        }
      },
    };
  }
}

/**
 * The bounds of Micrometer's percentile histograms, in seconds: each power of four in nanoseconds and the
 * two thirds after it, from `minimum-expected-value` to `maximum-expected-value`.
 */
export function percentileBuckets(minimum: number, maximum: number): number[] {
  const bounds: number[] = [];
  for (let power = 4; power < maximum * 1e9; power *= 4) {
    const step = Math.floor(power / 3);
    for (let bound = power; bound < power * 4 - step; bound += step) bounds.push(bound / 1e9);
  }
  return [minimum, ...bounds.filter((bound) => bound > minimum && bound < maximum), maximum];
}

/** `slo` of the settings that Loadscope recommends: a bound at each round figure that budgets are written in. */
const objectives = [0.1, 0.2, 0.5, 1];

/** From 5 ms to 10 s, as Loadscope recommends to services: 55 series for an endpoint and status instead of 73. */
const latencyBuckets = [...percentileBuckets(0.005, 10), ...objectives].sort((a, b) => a - b);
