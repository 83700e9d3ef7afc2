import { Histogram, type Registry } from 'prom-client';

interface Description {
  readonly name: string;
  readonly help: string;
  /** Without the label of buckets, `le`. */
  readonly buckets: readonly number[];
  /** Those that are there from the start. */
  readonly topics: readonly string[];
  readonly registry: Registry;
}

/** How many durations came up to each bound, and beyond the last. */
export class Durations {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  record(seconds: number): void {
    let [low, high] = [0, this.#bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seconds <= (this.#bounds[middle] as number)) high = middle;
      else low = middle + 1;
    }
    this.#counts[low] = (this.#counts[low] as number) + 1;
    this.#sum += seconds;
  }

  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#counts.reduce((total, count) => total + count, 0);
  }

  /** As Prometheus estimates it: on a straight line within its bucket. Beyond the last bound, that bound. */
  quantile(q: number): number {
    const cumulative = this.cumulative();
    const rank = q * (cumulative.at(-1) ?? 0);
    const index = cumulative.findIndex((count) => count >= rank);
    const [low, high] = [this.#bounds[index - 1] ?? 0, this.#bounds[index]];
    if (high === undefined) return low;
    const below = cumulative[index - 1] ?? 0;
    const within = (cumulative[index] as number) - below;
    return within ? low + ((high - low) * (rank - below)) / within : low;
  }

  /** How many there are up to each bound, and in all. */
  cumulative(): number[] {
    let total = 0;
    return [...this.#counts].map((count) => {
      total += count;
      return total;
    });
  }
}

type Exposed = Awaited<ReturnType<Histogram<'topic'>['get']>>;

/**
 * prom-client's histogram by topic, but for how it counts: that looks up the series by its labels for each observation,
 * which at the rates of a bot is a good part of a core. This counts in arrays, and is asked when it is scraped.
 */
export class DurationHistogram extends Histogram<'topic'> {
  readonly #description: Description;
  readonly #byTopic = new Map<string, Durations>();

  constructor(description: Description) {
    const { name, help, buckets, topics, registry } = description;
    super({ name, help, labelNames: ['topic'], buckets: [...buckets], registers: [registry] });
    this.#description = description;
    for (const topic of topics) this.of(topic);
  }

  /** What was counted of a topic; for many at a time, ask once. */
  of(topic: string): Durations {
    const known = this.#byTopic.get(topic);
    if (known) return known;
    const made = new Durations(this.#description.buckets);
    this.#byTopic.set(topic, made);
    return made;
  }

  /** As prom-client has it; its types call the type of a metric by a number, where the exposition needs the word. */
  override async get(): Promise<Exposed> {
    const { name, help } = this.#description;
    const values = [...this.#byTopic].flatMap(([topic, durations]) => this.#valuesOf(topic, durations));
    return { name, help, type: 'histogram', aggregator: 'sum', values } as unknown as Exposed;
  }

  /** The registry asks by this name first. */
  getForPromString(): Promise<Exposed> {
    return this.get();
  }

  #valuesOf(topic: string, durations: Durations): object[] {
    const { name, buckets } = this.#description;
    const cumulative = durations.cumulative();
    const all = cumulative.at(-1);
    return [
      ...cumulative.map((value, index) => ({
        metricName: `${name}_bucket`,
        labels: { le: buckets[index] ?? '+Inf', topic },
        value,
      })),
      { metricName: `${name}_sum`, labels: { topic }, value: durations.sum },
      { metricName: `${name}_count`, labels: { topic }, value: all },
    ];
  }
}
