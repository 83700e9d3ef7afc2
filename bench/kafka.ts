import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { openCluster } from '../bots/kafka-bot/cluster.ts';
import type { ClientName } from '../bots/kafka-bot/options.ts';
import { bundle } from '../charts/lib/bundle.ts';
import type { Asked, Result } from './kafka/bot.ts';
import { java, startBroker } from './kafka/broker.ts';

/**
 * What the Kafka bot can send, beside Kafka's own kafka-producer-perf-test on the same broker, in turns: messages per
 * second of 100 B, 1 KB and 10 KB, all in sync, idempotent, not compressed, three partitions; the latency from when
 * messages were due at half of that; and how exactly it keeps a rate.
 *
 * usage, with Node 22: KAFKA_LIBS=... npm run bench:kafka -- [ROUNDS] [SECONDS OF A RATE], of which 0 leaves the one or the other out
 *
 * KAFKA_LIBS is the folder with Kafka's jars, libs/ of its download.
 */

const rounds = Number(process.argv[2] ?? 5);
const pacedSeconds = Number(process.argv[3] ?? 60);
const libs = process.env.KAFKA_LIBS;
if (!libs) throw new Error('KAFKA_LIBS must name the folder with the jars of Kafka');

const partitions = 3;
const clients: readonly ClientName[] = ['kafkajs', 'platformatic'];
/** How many messages of each size a run sends: some seconds of them. */
const sizes = { 100: 4_000_000, 1024: 1_500_000, 10240: 150_000 } as const;
const goals: Readonly<Record<ClientName, Readonly<Record<string, number>>>> = {
  kafkajs: { 100: 0.6, 1024: 0.4, 10240: 0.35 },
  platformatic: { 100: 1, 1024: 1, 10240: 1 },
};
const rates = [100, 1000, 5000, 20_000];
/** Seconds at half of the throughput. */
const halfSeconds = 10;

const folder = mkdtempSync(join(tmpdir(), 'loadscope-bench-'));
const broker = await startBroker(libs, folder);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const admin = new Kafka({ clientId: 'bench', brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
await admin.connect();

// As it runs in a cluster: loading sources takes from the first second of a run.
const script = join(folder, 'bot.mjs');
const banner = { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom('/');" };
writeFileSync(script, bundle('bench/kafka/bot.ts', 'node', { minify: true, banner }));

let topics = 0;

/** With a topic of its own, which is gone afterwards. */
async function withTopic<Of>(use: (topic: string) => Of): Promise<Of> {
  const topic = `bench-${topics++}`;
  // A client of kafkajs asks on for the topics that it once knew.
  const cluster = await openCluster({ brokers: [broker.address] }, 'bench', { debug: () => undefined });
  await cluster.createTopics([topic], partitions);
  await cluster.close();
  const result = use(topic);
  await admin.deleteTopics({ topics: [topic] });
  return result;
}

/** Messages per second of Kafka's own tool. */
function javaThroughput(topic: string, bytes: number, messages: number): number {
  const { stdout, stderr } = java(libs as string, [
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', `${messages}`, '--record-size', `${bytes}`, '--throughput', '-1'],
    ...['--producer-props', `bootstrap.servers=${broker.address}`, 'acks=all'],
  ]);
  const [, perSecond] = /^\d+ records sent, ([\d.]+) records\/sec/.exec(stdout.trim().split('\n').at(-1) ?? '') ?? [];
  if (!perSecond) throw new Error(stdout + stderr);
  return Number(perSecond);
}

function bot(asked: Omit<Asked, 'broker' | 'partitions'>): Result {
  const props: Asked = { ...asked, broker: broker.address, partitions };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, script, JSON.stringify(props)], {
    encoding: 'utf8',
  });
  if (status !== 0 || stderr) throw new Error(stderr || `the bot ended with ${status}`);
  return JSON.parse(stdout);
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const whole = (value: number) => Math.round(value).toLocaleString('en');

async function throughput(bytes: number, messages: number): Promise<void> {
  const tools = ['java', ...clients] as const;
  const results = new Map<string, number[]>(tools.map((tool) => [tool, []]));
  for (let round = 0; round < rounds; round++)
    // Each goes first as often as the others.
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(round + turn) % tools.length] as (typeof tools)[number];
      const perSecond = await withTopic((topic) => {
        if (tool === 'java') return javaThroughput(topic, bytes, messages);
        // All of them are due in the first millisecond.
        const result = bot({ client: tool, topic, bytes, rate: messages * 1000, seconds: 0.001 });
        return result.acknowledged / result.seconds;
      });
      results.get(tool)?.push(perSecond);
      console.log(`${bytes} B, round ${round + 1}: ${tool.padEnd(12)} ${whole(perSecond)} messages/s`);
    }
  const java = results.get('java') ?? [];
  const rows: Record<string, object> = { java: { 'messages/s': whole(median(java)) } };
  for (const client of clients) {
    const own = results.get(client) ?? [];
    // A machine that becomes faster or slower meanwhile moves medians apart, and neighbours in time less.
    const ratio = median(own.map((perSecond, round) => perSecond / (java[round] ?? Number.NaN)));
    const half = Math.floor(median(own) / 2);
    const at = await withTopic((topic) => bot({ client, topic, bytes, rate: half, seconds: halfSeconds }));
    rows[client] = {
      'messages/s': whole(median(own)),
      'of Java': ratio.toFixed(2),
      goal: `${goals[client][bytes]}`,
      'at half: p50 ms': at.p50.toFixed(1),
      'p99 ms': at.p99.toFixed(1),
      MiB: Math.round(at.memory),
    };
  }
  console.log(`\n${bytes} B: medians of ${rounds} rounds, ratios of neighbours`);
  console.table(rows);
}

async function pacing(client: ClientName): Promise<void> {
  const rows: Record<string, object> = {};
  for (const rate of rates) {
    const asked = { client, bytes: 1024, rate, seconds: pacedSeconds };
    const result = await withTopic((topic) => bot({ ...asked, topic }));
    const { acknowledged, perSecond, p50, p99, cpu, memory } = result;
    const within = perSecond.slice(0, pacedSeconds);
    const expected = rate * pacedSeconds;
    const error = (count: number) => `${((100 * (count - expected)) / expected).toFixed(3)} %`;
    const deviation = Math.sqrt(within.reduce((sum, count) => sum + (count - rate) ** 2, 0) / within.length);
    rows[`${rate}/s`] = {
      'error when time is up': error(within.reduce((sum, count) => sum + count, 0)),
      'in the end': error(acknowledged),
      'deviation of a second': `${((100 * deviation) / rate).toFixed(2)} %`,
      'p50 ms': p50.toFixed(1),
      'p99 ms': p99.toFixed(1),
      CPU: `${((100 * cpu) / pacedSeconds).toFixed(0)} %`,
      MiB: Math.round(memory),
    };
  }
  console.log(`\n${client}: 1 KB at a rate over ${pacedSeconds} s`);
  console.table(rows);
}

try {
  console.log(`Node ${process.version}`);
  if (rounds) for (const [bytes, messages] of Object.entries(sizes)) await throughput(Number(bytes), messages);
  if (pacedSeconds) for (const client of clients) await pacing(client);
} finally {
  await admin.disconnect();
  await broker.stop();
}
