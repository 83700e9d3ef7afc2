import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import {
  type Admin,
  type Consumer,
  type EachBatchPayload,
  Kafka,
  type KafkaMessage,
  logLevel,
  Partitioners,
  type Producer,
} from 'kafkajs';
import { demoPartitions } from '../../model/demo.ts';
import { Limiter } from './limiter.ts';
import { setting } from './settings.ts';
import type { Telemetry } from './telemetry.ts';
import { baggageOf, extracted, messageHeaders, traced } from './tracing.ts';
import { WindowMean } from './window-mean.ts';

const version = 'kafkajs-2.2.4';

export interface Event {
  readonly key: string;
  readonly value: string;
  /** Headers of the trace that it belongs to; left out: the running one. */
  readonly trace?: Readonly<Record<string, string>>;
}

/** Its client's lines, in the service's log: warnings and worse. */
const client = ({ service, log }: Telemetry) =>
  new Kafka({
    clientId: service,
    brokers: setting('KAFKA_BROKERS').split(','),
    // Some four minutes, so that a broker may start later than its clients.
    retry: { initialRetryTime: 300, maxRetryTime: 10_000, retries: 30 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, ...rest } }) =>
        log[level === logLevel.ERROR ? 'error' : 'warn'](
          { kafka: { ...rest, logger: undefined, stack: undefined } },
          message,
        ),
  });

export const adminClient = (telemetry: Telemetry) => client(telemetry).admin();

/** Asks the broker whether it has the topics of a service. */
export class BrokerCheck {
  readonly #admin: Admin;
  readonly #topics: readonly string[];
  #connected: Promise<void> | undefined;

  constructor(telemetry: Telemetry, topics: readonly string[]) {
    this.#admin = adminClient(telemetry);
    this.#topics = topics;
  }

  async ask(): Promise<void> {
    this.#connected ??= this.#admin.connect();
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
    const existing = await this.#admin.listTopics();
    const missing = this.#topics.filter((topic) => !existing.includes(topic));
    if (missing.length) throw new Error(`there is no topic ${missing.join(', ')} yet`);
  }

  close(): Promise<void> {
    return this.#admin.disconnect();
  }
}

/** Milliseconds that an acknowledgement may take. */
const patience = 4000;

/** Sends events, and waits until every replica in sync has them. */
export class Events {
  readonly #producer: Producer;
  readonly #tracer: Telemetry['tracer'];
  readonly #pending = new Limiter(2000, 0);
  readonly #sent;

  constructor(telemetry: Telemetry) {
    const { meters, service, tracer } = telemetry;
    this.#tracer = tracer;
    this.#producer = client(telemetry).producer({ createPartitioner: Partitioners.DefaultPartitioner });
    this.#sent = meters.timer({
      name: 'spring_kafka_template_seconds',
      help: 'Time until the broker acknowledged what was sent.',
      labels: ['name', 'result', 'exception'],
    });
    const throttled = new WindowMean();
    // A broker that throttles says how long to wait, and the client waits before its next request.
    this.#producer.on('producer.network.request', ({ payload }) => {
      if (payload.apiName === 'Produce') throttled.record(Date.now(), payload.pendingDuration);
    });
    const labels = { client_id: service, kafka_version: version, spring_id: 'kafkaProducerFactory.shop' };
    meters.labelledGauge(
      'kafka_producer_produce_throttle_time_avg',
      'Mean time in ms that the broker made a request wait, over 30 s.',
      ['client_id', 'kafka_version', 'spring_id'],
      () => [[labels, throttled.mean(Date.now())]],
    );
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  /** @throws when the broker did not acknowledge them in time; it may have them none the less */
  async send(topic: string, events: readonly Event[]): Promise<void> {
    const started = process.hrtime.bigint();
    const record = (result: string, exception: string) =>
      this.#sent.record({ name: topic, result, exception }, Number(process.hrtime.bigint() - started) / 1e9);
    try {
      const messages = await Promise.all(
        events.map(({ key, value, trace }) =>
          traced(
            this.#tracer,
            {
              name: `send ${topic}`,
              kind: SpanKind.PRODUCER,
              attributes: { 'peer.service': 'kafka', 'kafka.topic': topic },
              ...(trace ? { parent: extracted(trace) } : {}),
            },
            async () => ({ key, value, headers: messageHeaders() }),
          ),
        ),
      );
      await this.#acknowledged(() => this.#producer.send({ topic, messages, acks: -1, timeout: 5000 }));
      record('success', 'none');
    } catch (error) {
      record('failure', (error as Error).name);
      throw error;
    }
  }

  /** Waits no longer than a caller would. What is under way counts until kafkajs is done with it, which may take minutes. */
  async #acknowledged(send: () => Promise<unknown>): Promise<void> {
    await this.#pending.acquire();
    const sent = send().finally(() => this.#pending.release());
    const expiry = new AbortController();
    try {
      await Promise.race([
        sent,
        sleep(patience, undefined, { signal: expiry.signal }).then(() => {
          throw new Error(`no acknowledgement in ${patience} ms`);
        }),
      ]);
    } finally {
      expiry.abort();
      sent.catch(() => undefined);
    }
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }
}

/** What a consumer does with one message. It may come twice. */
export type Handler = (message: { readonly key: string; readonly value: string }) => Promise<void>;

/**
 * A member of a consumer group. An offset is committed when its message and all before it are dealt with, so
 * a consumer that dies leaves them to another.
 */
export class Listener {
  readonly #consumer: Consumer;
  readonly #telemetry: Telemetry;
  readonly #workers: Limiter;
  readonly #handled;

  /** @param workers how many messages are dealt with at a time, over all partitions */
  constructor(telemetry: Telemetry, groupId: string, workers: Limiter) {
    const { meters, service } = telemetry;
    this.#telemetry = telemetry;
    this.#workers = workers;
    this.#consumer = client(telemetry).consumer({
      groupId,
      sessionTimeout: 10_000,
      heartbeatInterval: 2000,
      retry: { retries: 30, restartOnFailure: async () => true },
    });
    // It gives up on what it takes for a defect, as a coordinator that went away at the wrong moment; the pod then starts anew.
    this.#consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart)
        setImmediate(() => {
          throw payload.error;
        });
    });
    this.#handled = meters.timer({
      name: 'spring_kafka_listener_seconds',
      help: 'Time to deal with a message.',
      labels: ['name', 'result', 'exception'],
    });
    const busy = new WindowMean();
    this.#consumer.on('consumer.end_batch_process', ({ payload }) => busy.record(Date.now(), payload.duration));
    const labels = {
      client_id: `${service}-${groupId}`,
      kafka_version: version,
      spring_id: 'kafkaConsumerFactory.shop',
    };
    meters.labelledGauge(
      'kafka_consumer_poll_idle_ratio_avg',
      'Share of 30 s in which the consumer waited for messages.',
      ['client_id', 'kafka_version', 'spring_id'],
      () => [[labels, Math.max(1 - busy.total(Date.now()) / 30_000, 0)]],
    );
  }

  async start(topic: string, handle: Handler): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    await this.#consumer.run({
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: demoPartitions,
      autoCommitInterval: 1000,
      eachBatch: (batch) => this.#deal(topic, batch, handle),
    });
  }

  async #deal(
    topic: string,
    { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale }: EachBatchPayload,
    handle: Handler,
  ): Promise<void> {
    // In chunks, so that a long batch sends heartbeats, and a shutdown waits for a few messages at most.
    const size = Math.max(this.#workers.limit, 1);
    for (let at = 0; at < batch.messages.length; at += size) {
      if (!isRunning() || isStale()) return;
      const chunk = batch.messages.slice(at, at + size);
      const outcomes = await Promise.allSettled(
        chunk.map((message) => this.#workers.run(() => this.#one(topic, message, handle))),
      );
      const failed = outcomes.find(({ status }) => status === 'rejected');
      // The chunk is fetched again, of which some messages then come twice.
      if (failed?.status === 'rejected') throw failed.reason;
      const last = chunk.at(-1);
      if (last) resolveOffset(last.offset);
      await commitOffsetsIfNecessary();
      await heartbeat();
    }
  }

  async #one(topic: string, { key, value, headers = {} }: KafkaMessage, handle: Handler): Promise<void> {
    const started = process.hrtime.bigint();
    const record = (result: string, exception: string) =>
      this.#handled.record({ name: topic, result, exception }, Number(process.hrtime.bigint() - started) / 1e9);
    const parent = extracted(Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, String(bytes)])));
    try {
      await traced(
        this.#telemetry.tracer,
        {
          name: `receive ${topic}`,
          kind: SpanKind.CONSUMER,
          attributes: { 'kafka.topic': topic, ...baggageOf(parent) },
          parent,
        },
        () => handle({ key: String(key), value: String(value) }),
      );
      record('success', 'none');
    } catch (error) {
      record('failure', (error as Error).name);
      throw error;
    }
  }

  /** Deals with the messages it has, commits them, and leaves the group. */
  async close(): Promise<void> {
    await this.#consumer.disconnect();
  }
}
