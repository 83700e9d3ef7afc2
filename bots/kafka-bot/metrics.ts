import { Counter, Gauge, Registry } from 'prom-client';
import { buckets, metrics as declared } from '../../exporters/kafka-bot/metrics.ts';
import type { Metric } from '../../model/metric.ts';
import type { SendError } from './drivers/driver.ts';
import { DurationHistogram } from './duration-histogram.ts';
import type { SentBatch } from './lane.ts';
import { LastSecond } from './last-second.ts';
import type { BreakerState, Observer, Status } from './observer.ts';
import type { Options, RunIdentity } from './options.ts';
import type { GroupObserver, ReadObserver } from './proof/observer.ts';
import type { Settlement } from './proof/settlement.ts';
import { type Schedule, shareOf } from './schedule.ts';

/** Labels that every series gets, from the scrape or from the registry; and that of the buckets. */
type Given = 'job' | 'instance' | 'testid' | 'service' | 'le';
const given: readonly string[] = ['job', 'instance', 'testid', 'service', 'le'] satisfies Given[];

type Own<Of> = Of extends Metric<infer _, infer Label> ? Exclude<Label, Given> : never;

export interface MetricsProps extends Pick<Options, 'client' | 'delivery'> {
  readonly run: Pick<RunIdentity, 'testid' | 'service' | 'producer' | 'producers'>;
  readonly topics: readonly string[];
  readonly schedule: Pick<Schedule, 'seconds' | 'total' | 'timeOf'>;
}

const states: readonly BreakerState[] = ['closed', 'open', 'half_open'];

/** Before a sender is there, and in a bot that has none. */
const nothing: Status = {
  due: 0,
  acknowledged: 0,
  failed: 0,
  dropped: 0,
  backlog: 0,
  oldestSeconds: 0,
  targetRate: 0,
};

/** What the bot exposes of itself, as its target declares it. It is told what happens, message by message or batch by batch. */
export class Metrics implements Observer, ReadObserver, GroupObserver {
  readonly registry = new Registry();
  readonly #props: MetricsProps;
  #status = (): Status => nothing;
  readonly #rate = new LastSecond();
  readonly #duration: DurationHistogram;
  readonly #endToEnd: DurationHistogram;
  readonly #sent = this.#counter(declared.sent);
  readonly #failed = this.#counter(declared.failed);
  readonly #errors = this.#counter(declared.errors);
  readonly #retries = this.#counter(declared.retries);
  readonly #breaker = this.#gauge(declared.breaker);
  readonly #breakerOpened = this.#counter(declared.breakerOpened);
  readonly #received = this.#counter(declared.received);
  readonly #duplicated = this.#counter(declared.duplicated);
  readonly #reordered = this.#counter(declared.reordered);
  readonly #corrupted = this.#counter(declared.corrupted);
  readonly #lost = this.#gauge(declared.lost);
  readonly #groupLag = this.#gauge(declared.groupLag);
  readonly #groupLagSeconds = this.#gauge(declared.groupLagSeconds);
  readonly #groupDrained = this.#gauge(declared.groupDrained);

  constructor(props: MetricsProps) {
    this.#props = props;
    const { run, topics, client, delivery } = props;
    this.registry.setDefaultLabels({ testid: run.testid, service: run.service });
    this.#duration = this.#histogram(declared.duration);
    this.#endToEnd = this.#histogram(declared.endToEnd);
    for (const topic of topics)
      for (const counter of [this.#sent, this.#received, this.#duplicated, this.#reordered, this.#corrupted])
        counter.inc({ topic }, 0);
    this.#setBreaker('closed');
    this.#gauge(declared.info).set({ client, acks: delivery.acks, idempotent: String(delivery.idempotent) }, 1);
    this.#readAtScrape();
  }

  /** Where to ask from now on how the sender stands. */
  watch(status: () => Status): void {
    this.#status = status;
  }

  acknowledged({ topic, messages, dueAt }: SentBatch, at: number): void {
    this.#sent.inc({ topic }, messages.length);
    this.#rate.count(messages.length);
    const durations = this.#duration.of(topic);
    for (const due of dueAt) durations.record(Math.max(0, at - due) / 1000);
  }

  failedAttempt({ reason }: SendError): void {
    this.#errors.inc({ reason });
  }

  retried(): void {
    this.#retries.inc();
  }

  gaveUp({ topic, messages }: SentBatch, { reason }: SendError): void {
    this.#failed.inc({ topic, reason }, messages.length);
  }

  breaker(state: BreakerState): void {
    if (state === 'open') this.#breakerOpened.inc();
    this.#setBreaker(state);
  }

  received(topic: string, messages: number): void {
    this.#received.inc({ topic }, messages);
  }

  duplicated(topic: string): void {
    this.#duplicated.inc({ topic });
  }

  reordered(topic: string): void {
    this.#reordered.inc({ topic });
  }

  corrupted(topic: string): void {
    this.#corrupted.inc({ topic });
  }

  endToEnd(topic: string, seconds: number): void {
    this.#endToEnd.of(topic).record(seconds);
  }

  /** All was read that could be. Where that proves nothing, nobody is told that nothing was lost. */
  settled({ topics, doubts }: Pick<Settlement, 'topics' | 'doubts'>): void {
    if (doubts.length) return;
    for (const [topic, { lost }] of topics) this.#lost.set({ topic }, lost);
  }

  lag(consumergroup: string, topic: string, messages: number, seconds: number): void {
    this.#groupLag.set({ consumergroup, topic }, messages);
    this.#groupLagSeconds.set({ consumergroup, topic }, seconds);
  }

  drained(consumergroup: string, seconds: number): void {
    this.#groupDrained.set({ consumergroup }, seconds);
  }

  #setBreaker(now: BreakerState): void {
    for (const state of states) this.#breaker.set({ state }, Number(state === now));
  }

  /** What need not be told, because it can be asked. */
  #readAtScrape(): void {
    const read = (metric: Metric<'gauge' | 'counter', Given>, value: () => number) => {
      const { name, help } = metric;
      const of = { name, help, registers: [this.registry] };
      if (metric.kind === 'gauge')
        new Gauge({
          ...of,
          collect() {
            this.set(value());
          },
        });
      else
        new Counter({
          ...of,
          collect() {
            this.reset();
            this.inc(value());
          },
        });
    };
    read(declared.due, () => this.#status().due);
    read(declared.dropped, () => this.#status().dropped);
    read(declared.targetRate, () => this.#status().targetRate);
    read(declared.actualRate, () => this.#rate.value);
    read(declared.loadSeconds, () => this.#loadSeconds());
    read(declared.backlog, () => this.#status().backlog);
    read(declared.lateness, () => this.#status().oldestSeconds);
  }

  /** By what has come due and not by a clock, so that it is exact, and stands still for a bot that was stopped. */
  #loadSeconds(): number {
    const { schedule, run } = this.#props;
    const { producer, producers } = run;
    const { due } = this.#status();
    if (due === 0) return 0;
    if (due >= shareOf(schedule.total, producer, producers)) return schedule.seconds;
    return schedule.timeOf((due - 1) * producers + producer);
  }

  #counter<Of extends Metric<'counter'>>({ name, help, labels }: Of): Counter<Own<Of>> {
    return new Counter({ name, help, labelNames: own<Of>(labels), registers: [this.registry] });
  }

  #gauge<Of extends Metric<'gauge'>>({ name, help, labels }: Of): Gauge<Own<Of>> {
    return new Gauge({ name, help, labelNames: own<Of>(labels), registers: [this.registry] });
  }

  #histogram({ name, help }: Metric<'histogram'>): DurationHistogram {
    return new DurationHistogram({ name, help, buckets, topics: this.#props.topics, registry: this.registry });
  }
}

const own = <Of>(labels: readonly string[]) => labels.filter((label) => !given.includes(label)) as Own<Of>[];
