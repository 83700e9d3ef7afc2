import { plain } from '../../clients/plain.ts';
import { type MadeMessage, messageMaker } from './messages/message-maker.ts';
import type { Delivery, Options, Payload } from './options.ts';
import { Schedule, shareOf } from './schedule.ts';

/** Messages that are shown of each topic, and made at the most to find them. */
const samples = 3;
const mostTried = 10_000;

/** Messages from which the size of all is told. */
const weighed = 1000;

/** Characters of a value. */
const shown = 360;

/**
 * Shows what would be sent, without a question to any broker.
 *
 * @param write gets the whole text
 */
export function dryRun(options: Options, write: (text: string) => void): void {
  const schedule = new Schedule(options.stages);
  const startsAt = Date.now();
  const make = messageMaker(options.payload, options.topics, options.run.testid);
  const made = (k: number): MadeMessage => make(k, startsAt + schedule.timeOf(k) * 1000);
  const facts = [
    ['run', options.run.testid],
    ...connectionFacts(options),
    ...loadFacts(options, schedule, meanBytes(schedule.total, made)),
    ...payloadFacts(options.payload),
    ...deliveryFacts(options),
    ...judgement(options).map((condition, index) => [index ? '' : 'passes if', condition]),
  ];
  const lines = [
    'Nothing is sent: this is a dry run.',
    '',
    ...facts.map(([name = '', text]) => `${name.padEnd(11)} ${text}`),
    '',
    ...table(options.stages),
    ...samplesOf(options, schedule.total, made),
  ];
  write(`${lines.join('\n')}\n`);
}

function connectionFacts({ connection, client, topics, create }: Options): string[][] {
  const { brokers, tls, sasl } = connection;
  const trust = tls?.insecure ? 'TLS with any certificate' : tls ? 'TLS' : 'no TLS';
  const sum = topics.reduce((total, { weight }) => total + weight, 0);
  const named = topics.map(({ of, weight }) => (topics.length > 1 ? `${of} ${percent(weight / sum)}` : of));
  return [
    ['brokers', `${brokers.join(', ')}; ${trust}${sasl ? `, as ${sasl.username} by ${sasl.mechanism}` : ''}`],
    ['client', client],
    [
      'topics',
      `${named.join(', ')}; ${create ? `those missing are created with ${create.partitions} partitions` : 'none is created'}`,
    ],
  ];
}

function loadFacts({ run, stages }: Options, { total, seconds }: Schedule, bytes: number): string[][] {
  const mean = total / seconds;
  const peak = Math.max(...stages.flatMap(({ from, to }) => [from, to]));
  const own = shareOf(total, run.producer, run.producers);
  return [
    ['messages', `${count(total)} in ${time(seconds)}: ${count(mean)}/s on average, ${count(peak)}/s at the peak`],
    ...(run.producers > 1
      ? [['producer', `number ${run.producer} of 0 to ${run.producers - 1}, which sends ${count(own)} of them`]]
      : []),
    [
      'bytes',
      `${size(bytes)} a message, ${size(bytes * mean)}/s on average, ${size(bytes * peak)}/s at the peak, ${size(bytes * total)} in all`,
    ],
  ];
}

function payloadFacts({ template, key, seed }: Payload): string[][] {
  const name = 'name' in template ? template.name : 'your own';
  const keys =
    key.kind === 'none'
      ? 'no keys: partitions in turn'
      : `${count(key.count)} keys, ${key.kind === 'zipf' ? 'few of them frequent (Zipf)' : 'all as frequent'}`;
  return [['template', `${name}; ${keys}; seed ${seed}`]];
}

const awaited: Readonly<Record<Delivery['acks'], string>> = {
  all: 'acknowledged by all replicas in sync',
  leader: 'acknowledged by the leader alone',
  none: 'not acknowledged',
};

function deliveryFacts({ delivery, maxBacklog, retry, breaker }: Options): string[][] {
  const { acks, idempotent, compression, batchBytes } = delivery;
  return [
    [
      'delivery',
      `${awaited[acks]}; ${idempotent ? 'idempotent' : 'not idempotent'}; compression ${compression}; up to ${size(batchBytes)} in a request`,
    ],
    ['backlog', `${count(maxBacklog)} messages; what comes due beyond is dropped, and counted`],
    [
      'failures',
      `tried again after ${time(retry.initialMs / 1000)}, up to ${time(retry.maxMs / 1000)}; after ${breaker.failures} in a row, a pause of ${time(breaker.cooldownMs / 1000)}`,
    ],
  ];
}

function judgement({ role, delivery, groups }: Options): string[] {
  const sent = 'nearly all messages are sent and acknowledged';
  if (role === 'produce') return [sent, 'its verifier finds nothing wrong'];
  return [
    ...(role === 'both' ? [sent] : []),
    `each acknowledged message is read back as it was sent${delivery.idempotent ? ', once and in order' : ''}`,
    ...groups.names.map((name) => `group ${name} has worked them off ${time(groups.drainSeconds)} after the load`),
  ];
}

function table(stages: Options['stages']): string[] {
  let end = 0;
  const rows = stages.map(({ seconds, from, to }) => {
    const start = end;
    end += seconds;
    return [time(start), time(end), from === to ? `${count(from)}/s` : `${count(from)}/s to ${count(to)}/s`];
  });
  return [['from', 'until', 'rate'], ...rows].map(
    ([from = '', until = '', rate = '']) => `${from.padEnd(11)} ${until.padEnd(11)} ${rate}`,
  );
}

function samplesOf({ topics }: Options, total: number, made: (k: number) => MadeMessage): string[] {
  const found = new Map(topics.map(({ of }) => [of, [] as string[]]));
  for (let k = 0; k < Math.min(total, mostTried); k++) {
    const { topic, key, value } = made(k);
    const some = found.get(topic);
    if (some && some.length < samples)
      some.push(
        `  ${count(value.length)} B${key ? `, key ${plain(key.toString(), 60)}` : ''}: ${plain(beginning(value), shown)}`,
      );
    if ([...found.values()].every(({ length }) => length === samples)) break;
  }
  return [...found].flatMap(([topic, some]) => ['', `${topic}:`, ...some]);
}

/** As much as can be shown: a value may have megabytes. */
const beginning = (value: Buffer): string => value.subarray(0, 8 * shown).toString();

function meanBytes(total: number, made: (k: number) => MadeMessage): number {
  const tried = Math.min(total, weighed);
  let sum = 0;
  for (let index = 0; index < tried; index++) sum += made(Math.floor((index * total) / tried)).value.length;
  return sum / tried;
}

const count = (amount: number): string =>
  amount.toLocaleString('en-US', { maximumFractionDigits: amount < 100 ? 2 : 0 });

const percent = (share: number): string => `${count(Math.round(share * 1000) / 10)} %`;

function size(bytes: number): string {
  const [unit, scale] =
    bytes < 1024 ? (['B', 1] as const) : bytes < 2 ** 20 ? (['KB', 1024] as const) : (['MB', 2 ** 20] as const);
  return `${(bytes / scale).toLocaleString('en-US', { maximumFractionDigits: scale === 1 ? 0 : 1 })} ${unit}`;
}

/** Such as `1m30s`. */
function time(seconds: number): string {
  if (seconds < 1) return seconds === 0 ? '0s' : `${Math.round(seconds * 1000)}ms`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest || seconds < 1 ? `${Number(rest.toFixed(3))}s` : ''}`;
}
