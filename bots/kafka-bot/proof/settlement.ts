import type { TopicCounts } from './audit.ts';
import type { Ledger } from './ledger.ts';
import { common, normalised, others, type Range, sizeOf } from './ranges.ts';
import { Track } from './track.ts';

/** What became of the messages of a topic. */
export interface TopicSettlement extends TopicCounts {
  /** That were given a sequence number. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Acknowledged, and not read. */
  readonly lost: number;
  /** Not acknowledged, and in the topic none the less. */
  readonly unacknowledgedArrived: number;
}

/** A run of messages that were acknowledged and not read. */
export interface Loss {
  readonly topic: string;
  readonly partition: number;
  readonly producer: number;
  readonly sequences: Range;
}

export interface Settlement {
  readonly topics: ReadonlyMap<string, TopicSettlement>;
  readonly total: TopicSettlement;
  /** The first of them, for who looks for them. */
  readonly losses: readonly Loss[];
  /** Why the numbers prove nothing, each in one line for people; none where they do. */
  readonly doubts: readonly string[];
}

interface Books {
  readonly testid: string;
  readonly producers: number;
  readonly counts: ReadonlyMap<string, TopicCounts>;
  /** By topic, partition and producer. */
  readonly tracks: ReadonlyMap<string, readonly ReadonlyMap<number, Track>[]>;
  readonly ledgers: readonly Ledger[];
}

/** How many losses are told one by one. */
const mostLosses = 20;

type Sum = { -readonly [Name in keyof TopicSettlement]: number };

/** Whatever is not read by now counts as lost. */
export function settled({ testid, producers, counts, tracks, ledgers }: Books): Settlement {
  const topics = new Map([...counts].map(([topic, read]) => [topic, { ...nothing(), ...read }]));
  const losses: Loss[] = [];
  const doubts = missing(ledgers, testid, producers);
  const settledTracks = new Set<Track>();
  for (const { producer, partitions } of ledgers) {
    for (const { topic, partition, sent, unacknowledged } of partitions) {
      const sum = topics.get(topic);
      const read = tracks.get(topic)?.[partition];
      if (!sum || !read) {
        doubts.push(`producer ${producer} sent to partition ${partition} of ${topic}, which was not read`);
        continue;
      }
      const track = read.get(producer) ?? new Track(0);
      settledTracks.add(track);
      const open = common(normalised(unacknowledged), [[0, sent - 1]]);
      const acknowledged = others(open, sent);
      const absent = [...track.missing, [track.next, Number.MAX_SAFE_INTEGER] as const];
      const lost = common(acknowledged, absent);
      sum.sent += sent;
      sum.acknowledged += sizeOf(acknowledged);
      sum.lost += sizeOf(lost);
      sum.unacknowledgedArrived += sizeOf(open) - sizeOf(common(open, absent));
      for (const sequences of lost.slice(0, mostLosses - losses.length))
        losses.push({ topic, partition, producer, sequences });
      if (track.next > sent) doubts.push(beyond(producer, topic, partition, track.next - 1, sent));
    }
  }
  for (const [topic, partitions] of tracks)
    for (const [partition, byProducer] of partitions.entries())
      for (const [producer, track] of byProducer) {
        if (track.overflowed)
          doubts.push(
            `more gaps than are kept in partition ${partition} of ${topic}, by producer ${producer}: what is lost is more than is counted, and what came late counts as duplicated`,
          );
        if (!settledTracks.has(track) && ledgers.some((ledger) => ledger.producer === producer))
          doubts.push(beyond(producer, topic, partition, track.next - 1, 0));
      }
  const total = nothing();
  for (const sum of topics.values()) for (const name of names) total[name] += sum[name];
  return { topics, total, losses, doubts };
}

function missing(ledgers: readonly Ledger[], testid: string, producers: number): string[] {
  const there = new Set(ledgers.map(({ producer }) => producer));
  const absent = Array.from({ length: producers }, (_, producer) => producer).filter((one) => !there.has(one));
  const foreign = ledgers.filter((ledger) => ledger.testid !== testid);
  return [
    ...(absent.length
      ? [`no account of what was sent by producer ${absent.join(', ')}: did it end before its time?`]
      : []),
    ...foreign.map((ledger) => `the account of producer ${ledger.producer} is of another run, ${ledger.testid}`),
    ...(there.size < ledgers.length ? ['a producer gave two accounts: was it started again?'] : []),
  ];
}

const beyond = (producer: number, topic: string, partition: number, sequence: number, sent: number) =>
  `number ${sequence} of producer ${producer} is in partition ${partition} of ${topic}, of which it sent ${sent}: is another run under the same name under way?`;

const nothing = (): Sum => ({
  received: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  sent: 0,
  acknowledged: 0,
  lost: 0,
  unacknowledgedArrived: 0,
});

const names = Object.keys(nothing()) as (keyof Sum)[];
