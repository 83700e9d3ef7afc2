import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ownTopics } from '../../model/own-topics.ts';
import { connectionOf } from './flag-connection.ts';
import { weighted } from './flag-lists.ts';
import { stagesOf } from './flag-load.ts';
import { payloadOf } from './flag-payload.ts';
import { partOf } from './flag-run.ts';
import { clients, codecs } from './flag-table.ts';
import { bytes, choice, isOn, mistake, seconds, whole } from './flag-values.ts';
import { type Given, type GivenFlags, givenFlags } from './given.ts';
import { BotError, type Delivery, type Options, type Weighted } from './options.ts';

/** Partitions of its own topics, where it makes them. */
const usualPartitions = 3;

/**
 * What the bot is to do, by its flags and by variables of the environment. Shows its help or its version, and ends the
 * process, where it is asked for that.
 *
 * @throws BotError with the first mistake
 */
export function optionsOf(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const given = givenFlags(args, environment);
  const { role, run } = partOf(given);
  const topics = topicsOf(given, role !== 'verify');
  const own = topics.every(({ of }) => of.startsWith(ownTopics));
  const partitions = given.read('create-topics', whole({ most: 10_000 })) ?? (own ? usualPartitions : 0);
  const summaryFile = given.read('summary', writableFile);
  return {
    role,
    connection: connectionOf(given),
    client: given.read('client', choice(clients)) ?? 'kafkajs',
    topics,
    stages: stagesOf(given),
    payload: payloadOf(given, topics, run.testid),
    delivery: deliveryOf(given),
    maxBacklog: given.read('max-backlog', whole({ least: 1, most: 1_000_000_000 })) ?? 1_000_000,
    retry: retryOf(given),
    breaker: {
      failures: given.read('breaker-failures', whole({ least: 1, most: 1000 })) ?? 5,
      cooldownMs: 1000 * (given.read('breaker-cooldown', seconds) ?? 60),
    },
    run,
    groups: {
      names: given.all('consumer-group').map(nameOf),
      drainSeconds: given.read('drain', seconds) ?? 180,
    },
    metricsPort: given.read('metrics-port', whole({ most: 65_535 })) ?? 9464,
    ...(partitions ? { create: { partitions } } : {}),
    ...(summaryFile ? { summaryFile } : {}),
    dryRun: given.read('dry-run', isOn) ?? false,
  };
}

function topicsOf(given: GivenFlags, writes: boolean): readonly Weighted<string>[] {
  const asked = given.all('topic');
  if (!asked.length) return [{ of: `${ownTopics}kafka-bot`, weight: 1 }];
  const topics = weighted(asked, topicOf);
  const names = topics.map(({ of }) => of);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new BotError(`--topic: names ${twice} twice; give it a weight, such as ${twice}=2`);
  const foreign = names.find((name) => !name.startsWith(ownTopics));
  if (foreign && writes && !given.read('allow-writes', isOn))
    throw new BotError(
      `--topic ${foreign}: whoever consumes it would take test messages for real ones; pass --allow-writes where that does no harm, or name one that begins with "${ownTopics}"`,
    );
  return topics;
}

function topicOf(given: Given): string {
  if (/^[\w.-]{1,249}$/.test(given.text) && !/^\.{1,2}$|^__/.test(given.text)) return given.text;
  throw mistake(given, 'the name of a topic (letters, digits, ".", "_" and "-", and no "__" in front)');
}

function nameOf(given: Given): string {
  if (given.text) return given.text;
  throw mistake(given, 'a name, several divided by commas');
}

const acks = { all: 'all', 1: 'leader', 0: 'none' } as const;

function deliveryOf(given: GivenFlags): Delivery {
  const whose = acks[given.read('acks', choice(['all', '1', '0'] as const)) ?? 'all'];
  const asked = given.get('idempotence');
  const idempotent = asked ? isOn(asked) : whose === 'all';
  if (idempotent && whose !== 'all')
    throw new BotError(`${asked?.from} needs --acks all: brokers cannot leave out duplicates otherwise`);
  return {
    acks: whose,
    compression: given.read('compression', choice(codecs)) ?? 'none',
    idempotent,
    batchBytes: given.read('batch-bytes', bytes) ?? 65_536,
  };
}

function retryOf(given: GivenFlags): Options['retry'] {
  const [initial, most] = [given.read('retry-initial', seconds), given.read('retry-max', seconds)];
  const [initialMs, maxMs] = [1000 * (initial ?? 1), 1000 * (most ?? Math.max(60, initial ?? 0))];
  if (initialMs <= maxMs) return { initialMs, maxMs };
  throw new BotError(`--retry-max: ${maxMs / 1000} s is less than the ${initialMs / 1000} s of --retry-initial`);
}

/** Found out before the run, and not when there is something to write. */
function writableFile({ from, text: file }: Given): string {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new BotError(`${from} ${file}: is a folder; name a file`);
    accessSync(found ? file : dirname(file), constants.W_OK);
  } catch (error) {
    if (error instanceof BotError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new BotError(
      `${from} ${file}: ${code === 'ENOENT' ? 'there is no such folder' : `cannot be written: ${code}`}`,
    );
  }
  return file;
}
