import { connectDriver } from '../../bots/kafka-bot/drivers/index.ts';
import type { SentBatch } from '../../bots/kafka-bot/lane.ts';
import { messageMaker } from '../../bots/kafka-bot/messages/message-maker.ts';
import { partitioner } from '../../bots/kafka-bot/messages/partitioner.ts';
import type { ClientName } from '../../bots/kafka-bot/options.ts';
import { Sender } from '../../bots/kafka-bot/sender.ts';

/** One run of the bot's sender, in a process of its own so that none finds another's heap: what is asked for as JSON, and the result. */

export interface Asked {
  readonly client: ClientName;
  readonly broker: string;
  readonly topic: string;
  readonly partitions: number;
  readonly bytes: number;
  readonly rate: number;
  readonly seconds: number;
}

export interface Result {
  readonly acknowledged: number;
  /** From the start to the last acknowledgment. */
  readonly seconds: number;
  /** Of latencies from the intended time, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Messages that were acknowledged in each second of the run. */
  readonly perSecond: readonly number[];
  /** Seconds of CPU. */
  readonly cpu: number;
  /** MiB at the largest. */
  readonly memory: number;
}

const asked: Asked = JSON.parse(process.argv[2] ?? '');
const { client, broker, topic, partitions, bytes, rate, seconds } = asked;
// As the bot's flags have it.
const delivery = { acks: 'all', compression: 'none', idempotent: true, batchBytes: 65_536 } as const;
const run = { testid: 'kafka-bot-20260101-000000', producer: 0 };

const latencies = new Float64Array(Math.ceil(rate * seconds) + 1);
const perSecond: number[] = [];
let [startsAt, acknowledged, last] = [0, 0, 0];

function record({ dueAt }: SentBatch, at: number): void {
  for (const due of dueAt) latencies[acknowledged++] = at - due;
  const second = Math.floor((at - startsAt) / 1000);
  perSecond[second] = (perSecond[second] ?? 0) + dueAt.length;
  last = at;
}

const driver = await connectDriver(client, { connection: { brokers: [broker] }, clientId: 'bench', delivery });
const sender = new Sender({
  ...run,
  producers: 1,
  stages: [{ seconds, from: rate, to: rate }],
  driver,
  makeMessage: messageMaker(
    { template: { name: 'raw' }, size: { kind: 'fixed', bytes }, key: { kind: 'none' }, seed: 1 },
    [{ of: topic, weight: 1 }],
    run.testid,
  ),
  partitionOf: partitioner(new Map([[topic, partitions]])),
  delivery,
  retry: { initialMs: 1000, maxMs: 60_000 },
  breaker: { failures: 5, cooldownMs: 60_000 },
  maxBacklog: Number.POSITIVE_INFINITY,
  drainSeconds: 600,
  observer: {
    acknowledged: record,
    failedAttempt: ({ message }) => console.error(message),
    retried: () => undefined,
    gaveUp: (_batch, { message }) => console.error(message),
    breaker: (state) => console.error(state),
  },
});
const before = process.cpuUsage();
// Not before it is connected: what is late at the start would stand in the latencies.
startsAt = Date.now() + 200;
await sender.run(startsAt);
const { user, system } = process.cpuUsage(before);
await driver.close();

const sorted = latencies.subarray(0, acknowledged).sort();
const quantile = (share: number) => sorted[Math.floor(share * (acknowledged - 1))] ?? Number.NaN;
const result: Result = {
  acknowledged,
  seconds: (last - startsAt) / 1000,
  p50: quantile(0.5),
  p99: quantile(0.99),
  perSecond: Array.from({ length: perSecond.length }, (_, second) => perSecond[second] ?? 0),
  cpu: (user + system) / 1e6,
  memory: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
