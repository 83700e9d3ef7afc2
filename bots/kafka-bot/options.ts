import type { Stage } from './schedule.ts';

/** What the bot is to do. All of it comes from flags and environment variables (flags.ts). */
export interface Options {
  /** The producer sends, the verifier reads what producers sent, and `both` does one beside the other. */
  readonly role: 'produce' | 'verify' | 'both';
  readonly connection: Connection;
  readonly client: ClientName;
  readonly topics: readonly Weighted<string>[];
  /** Of all producers together. */
  readonly stages: readonly Stage[];
  readonly payload: Payload;
  readonly delivery: Delivery;
  /** Messages that may be due and not yet handed to the client; what comes due beyond is dropped, and counted. */
  readonly maxBacklog: number;
  readonly retry: Retry;
  readonly breaker: Breaker;
  readonly run: RunIdentity;
  readonly groups: Groups;
  /** Port of the metrics; 0: none are served. */
  readonly metricsPort: number;
  /** Whether topics that are missing are made, and with how many partitions; replicas as the brokers have it. */
  readonly create?: { readonly partitions: number };
  /** File with the JSON summary; left out: it is the last line of the log. */
  readonly summaryFile?: string;
  /** Shows what would be sent, and sends nothing. */
  readonly dryRun: boolean;
}

export type ClientName = 'kafkajs' | 'platformatic';

export interface Weighted<Of> {
  readonly of: Of;
  readonly weight: number;
}

export interface Connection {
  readonly brokers: readonly string[];
  readonly tls?: { readonly ca?: string; readonly insecure: boolean };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface Delivery {
  /** Of which brokers an acknowledgment is awaited: all in sync, the leader, none. */
  readonly acks: 'all' | 'leader' | 'none';
  readonly compression: Codec;
  /** Whether the brokers leave out what a retry sends twice, and keep the order. Needs acks of all. */
  readonly idempotent: boolean;
  /** Bytes of values in one request, at most. */
  readonly batchBytes: number;
}

/** What a message's value holds, in bytes. */
export type Size =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'list'; readonly sizes: readonly Weighted<number>[] };

export interface Payload {
  /** A template of messages/templates.ts, or JSON of the user's own. */
  readonly template: { readonly name: string } | { readonly text: string };
  /** Left out: as the template makes them. */
  readonly size?: Size;
  /** `none`: round robin over the partitions. Otherwise how many keys there are, chosen evenly or the first most often. */
  readonly key: { readonly kind: 'none' } | { readonly kind: 'uniform' | 'zipf'; readonly count: number };
  /** What chance depends on: the same seed makes the same messages. */
  readonly seed: number;
}

export interface Retry {
  /** Milliseconds before the first retry; each next one waits twice as long, up to the maximum. */
  readonly initialMs: number;
  readonly maxMs: number;
}

export interface Breaker {
  /** Failures in a row after which it opens. */
  readonly failures: number;
  /** Milliseconds until one attempt is let through. */
  readonly cooldownMs: number;
}

/** Which run this is, and which of its producers. */
export interface RunIdentity {
  readonly testid: string;
  /** The service whose consumers read the messages; empty: none in particular. */
  readonly service: string;
  /** From 0. */
  readonly producer: number;
  readonly producers: number;
  /** Where to ask when to start, and where ledgers are exchanged; left out: at once, and within the process. */
  readonly coordinatorUrl?: string;
}

export interface Groups {
  /** Consumer groups that are to work off what was sent. */
  readonly names: readonly string[];
  /** Seconds that they get for it after the load. */
  readonly drainSeconds: number;
}

/** What is wrong and what to do, in one line for people. Ends the bot with exit code 2. */
export class BotError extends Error {
  override readonly name = 'BotError';
}
