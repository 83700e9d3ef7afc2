import { createHash } from 'node:crypto';
import { writeBytes, writeDecimal, writeUuid, writeWhole } from './bytes.ts';
import { bitsOf, chanceOf, mix } from './random.ts';
import { companyOf, longestCompany, longestPrice, priceOf, symbolOf } from './shares.ts';

/** What one message is filled with. */
export interface Moment {
  readonly k: number;
  /** In milliseconds since 1970. */
  readonly dueAt: number;
  /** Where its chance begins. */
  readonly place: number;
  /** What it is about, such as a user or a share: a number from 0. */
  readonly subject: number;
}

/** What is the same for all messages. */
export interface Setting {
  readonly testid: string;
  readonly seed: number;
  /** How many subjects there are; undefined where messages are about none. */
  readonly subjects: number | undefined;
  /** The key of a message about a subject. */
  readonly keyOf: (subject: number) => string;
}

/** What takes the place of a placeholder; text where it is the same in all messages. */
export type Filling = string | Writer;

export interface Writer {
  /** Bytes, at most. */
  readonly longest: number;
  /** @returns where it ends */
  readonly write: (target: Buffer, at: number, moment: Moment) => number;
}

interface Placeholder {
  /** An example of what may stand in the braces. */
  readonly usage: string;
  /** Whether it says what the message is about. */
  readonly about?: true;
  /** @returns undefined where the words behind its name are not what it takes */
  readonly make: (words: readonly string[], decision: number, setting: Setting) => Filling | undefined;
}

/** One that takes no words. */
const bare =
  (filling: (setting: Setting, decision: number) => Filling): Placeholder['make'] =>
  (words, decision, setting) =>
    words.length ? undefined : filling(setting, decision);

/** Digits of the largest number that is exact. */
const longestWhole = 16;

export const placeholders: Readonly<Record<string, Placeholder>> = {
  k: {
    usage: 'k',
    make: bare(() => ({ longest: longestWhole, write: (target, at, { k }) => writeWhole(target, at, k) })),
  },
  uuid: { usage: 'uuid', make: bare(uuids) },
  now: { usage: 'now', make: bare(instants) },
  epochMs: {
    usage: 'epochMs',
    make: bare(() => ({
      longest: longestWhole,
      write: (target, at, { dueAt }) => writeWhole(target, at, Math.floor(dueAt)),
    })),
  },
  testid: { usage: 'testid', make: bare(({ testid }) => testid) },
  int: { usage: 'int 1 100', make: ([from, to, ...more], decision) => numbers(decision, from, to, '0', more) },
  float: {
    usage: 'float 0 1',
    make: ([from, to, digits = '4', ...more], decision) => numbers(decision, from, to, digits, more),
  },
  pick: { usage: 'pick BUY SELL', make: (words, decision) => (words.length ? picks(words, decision) : undefined) },
  key: {
    usage: 'key',
    about: true,
    make: bare(({ subjects = 1, keyOf }) => texts(Buffer.byteLength(keyOf(subjects - 1)), keyOf)),
  },
  symbol: { usage: 'symbol', about: true, make: bare(() => texts(Buffer.byteLength(symbolOf(0)), symbolOf)) },
  company: {
    usage: 'company',
    about: true,
    make: bare(({ subjects = 1 }) => texts(longestCompany(subjects), companyOf)),
  },
  price: {
    usage: 'price',
    about: true,
    make: bare((_, decision) => ({
      longest: longestPrice,
      write: (target, at, { subject, place }) => writeWhole(target, at, priceOf(subject, chanceOf(place, decision))),
    })),
  },
};

/** What is said of a subject. */
const texts = (longest: number, textOf: (subject: number) => string): Writer => ({
  longest,
  write: (target, at, { subject }) => at + target.write(textOf(subject), at),
});

function picks(words: readonly string[], decision: number): Writer {
  const choices = words.map((word) => Buffer.from(word));
  return {
    longest: Math.max(...choices.map(({ length }) => length)),
    write: (target, at, { place }) =>
      writeBytes(target, at, choices[Math.floor(chanceOf(place, decision) * choices.length)] as Buffer),
  };
}

/** Numbers from one to another, both included, with so many digits behind the point. */
function numbers(
  decision: number,
  from = '',
  to = '',
  digitsText: string,
  more: readonly string[],
): Writer | undefined {
  const digits = Number(digitsText);
  const form = digits ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (more.length || !/^\d$/.test(digitsText) || !form.test(from) || !form.test(to)) return undefined;
  const [low, high] = [from, to].map((text) => Math.round(Number(text) * 10 ** digits)) as [number, number];
  const count = high - low + 1;
  if (![low, high, count].every(Number.isSafeInteger) || count < 1) return undefined;
  const write: Writer['write'] = (target, at, { place }) =>
    writeDecimal(target, at, low + Math.floor(chanceOf(place, decision) * count), digits);
  const scratch = Buffer.alloc(2 * longestWhole);
  // The longest of all is one of the two ends.
  const longest = Math.max(...[low, high].map((parts) => writeDecimal(scratch, 0, parts, digits)));
  return { longest, write };
}

/** The time at which a message is due, in ISO 8601 and UTC. */
function instants(): Writer {
  // Several messages are due in the same millisecond.
  let [of, text] = [Number.NaN, Buffer.alloc(0)];
  return {
    longest: '2026-01-01T00:00:00.000Z'.length,
    write: (target, at, { dueAt }) => {
      const instant = Math.floor(dueAt);
      if (instant !== of) [of, text] = [instant, Buffer.from(new Date(instant).toISOString())];
      return writeBytes(target, at, text);
    },
  };
}

/**
 * UUIDs of which no two are the same: consumers may leave out those that they have seen, also in earlier runs. So they
 * depend on the run as well as on the seed.
 */
function uuids({ testid, seed }: Setting, decision: number): Writer {
  const digest = createHash('sha256').update(`${seed} ${decision} ${testid}`).digest();
  const [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
  return {
    longest: 36,
    write: (target, at, { place }) => {
      const bits = bitsOf(place, 2 * decision);
      return writeUuid(target, at, mix(bits ^ a), mix(bits ^ b), mix(bits ^ c), mix(bits ^ d));
    },
  };
}
