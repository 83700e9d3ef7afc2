import { Audit } from '../../bots/kafka-bot/proof/audit.ts';
import { checksumOf, encodeMark } from '../../bots/kafka-bot/proof/header.ts';
import type { Ledger, PartitionLedger } from '../../bots/kafka-bot/proof/ledger.ts';
import type { ReadObserver } from '../../bots/kafka-bot/proof/observer.ts';
import { normalised, type Range } from '../../bots/kafka-bot/proof/ranges.ts';

/** What was read is set against what was sent: each message once, in order, unchanged; and nothing that was acknowledged is missing. */

const testid = 'run-1';
const dueAt = 1_700_000_000_000;

class Told implements ReadObserver {
  readonly seconds: number[] = [];
  readonly counts = { duplicated: 0, reordered: 0, corrupted: 0 };

  received(): void {}

  duplicated(): void {
    this.counts.duplicated += 1;
  }

  reordered(): void {
    this.counts.reordered += 1;
  }

  corrupted(): void {
    this.counts.corrupted += 1;
  }

  endToEnd(_topic: string, seconds: number): void {
    this.seconds.push(seconds);
  }
}

const open = ({ producers = 1, partitions = 1 } = {}) => {
  const told = new Told();
  const audit = new Audit({ testid, producers, topics: new Map([['orders', partitions]]), observer: told });
  const read = (sequence: number, { partition = 0, producer = 0, now = dueAt } = {}) => {
    const value = Buffer.from(`${partition} ${producer} ${sequence}`);
    const mark = encodeMark({ testid, producer, sequence, dueAt, checksum: checksumOf(value) });
    return audit.take('orders', partition, mark, value, now);
  };
  return { audit, told, read };
};

const sent = (count: number, { unacknowledged = [] as readonly Range[], partition = 0 } = {}): PartitionLedger => ({
  topic: 'orders',
  partition,
  sent: count,
  unacknowledged,
});

const ledger = (partitions: readonly PartitionLedger[], producer = 0): Ledger => ({ testid, producer, partitions });

test.each<[name: string, read: number[], expected: object]>([
  ['all, in order', [0, 1, 2, 3, 4], { lost: 0, duplicated: 0, reordered: 0 }],
  ['none', [], { lost: 5, received: 0 }],
  ['a gap', [0, 1, 3, 4], { lost: 1, duplicated: 0, reordered: 0 }],
  ['the first missing', [1, 2, 3, 4], { lost: 1 }],
  ['the last missing', [0, 1, 2, 3], { lost: 1 }],
  ['one twice', [0, 1, 1, 2, 3, 4], { lost: 0, duplicated: 1, reordered: 0, received: 6 }],
  ['a batch twice, later', [0, 1, 2, 3, 0, 1, 4], { lost: 0, duplicated: 2, reordered: 0 }],
  ['a batch late', [0, 3, 4, 1, 2], { lost: 0, duplicated: 0, reordered: 2 }],
  ['backwards', [4, 3, 2, 1, 0], { lost: 0, duplicated: 0, reordered: 4 }],
  ['one late and twice', [0, 2, 3, 4, 1, 1], { lost: 0, duplicated: 1, reordered: 1 }],
])('%s of five messages', (_name, sequences, expected) => {
  const { audit, read } = open();
  for (const sequence of sequences) read(sequence);
  expect(audit.settle([ledger([sent(5)])])).toMatchObject({
    total: { sent: 5, acknowledged: 5, ...expected },
    doubts: [],
  });
});

test('however messages of producers are mixed, lost, repeated and delayed, the books say what happened', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = chance(seed);
    const [producers, partitions, count] = [1 + random(3), 1 + random(3), 50 + random(200)];
    const { audit, told, read } = open({ producers, partitions });
    const ledgers: Ledger[] = [];
    const expected = {
      sent: 0,
      acknowledged: 0,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      received: 0,
      unacknowledgedArrived: 0,
    };
    const streams: (() => boolean)[] = [];
    for (let producer = 0; producer < producers; producer++) {
      const books: PartitionLedger[] = [];
      for (let partition = 0; partition < partitions; partition++) {
        const written = disturbed(count, random);
        const unacknowledged = Array.from({ length: random(4) }, () => random(count)).map(
          (first): Range => [first, Math.min(count - 1, first + random(10))],
        );
        books.push(sent(count, { partition, unacknowledged }));
        const seen = new Set<number>();
        for (const sequence of written) {
          if (seen.has(sequence)) expected.duplicated += 1;
          else if (sequence < Math.max(-1, ...seen)) expected.reordered += 1;
          seen.add(sequence);
        }
        expected.sent += count;
        expected.received += written.length;
        for (let sequence = 0; sequence < count; sequence++) {
          const open = unacknowledged.some(([first, last]) => sequence >= first && sequence <= last);
          if (!open) expected.acknowledged += 1;
          if (!open && !seen.has(sequence)) expected.lost += 1;
          if (open && seen.has(sequence)) expected.unacknowledgedArrived += 1;
        }
        streams.push(() => {
          const next = written.shift();
          if (next !== undefined) read(next, { partition, producer });
          return next !== undefined;
        });
      }
      ledgers.push(ledger(books, producer));
    }
    while (streams.length) {
      const at = random(streams.length);
      if (!streams[at]?.()) streams.splice(at, 1);
    }
    const { total, doubts } = audit.settle(ledgers);
    expect({ seed, ...total, doubts }).toEqual({ seed, ...expected, corrupted: 0, doubts: [] });
    expect(told.counts).toEqual({ duplicated: expected.duplicated, reordered: expected.reordered, corrupted: 0 });
    expect(told.seconds).toHaveLength(expected.received - expected.duplicated);
  }
});

test('what was acknowledged and is missing is named', () => {
  const { audit, read } = open({ producers: 2, partitions: 2 });
  for (const sequence of [0, 1, 5, 6, 8]) read(sequence, { partition: 1, producer: 1 });
  const { losses, total } = audit.settle([
    ledger([], 0),
    ledger([sent(10, { partition: 1, unacknowledged: [[3, 3]] })], 1),
  ]);
  expect(losses.map(({ sequences }) => sequences)).toEqual([
    [2, 2],
    [4, 4],
    [7, 7],
    [9, 9],
  ]);
  expect(losses[0]).toMatchObject({ topic: 'orders', partition: 1, producer: 1 });
  expect(total).toMatchObject({ sent: 10, acknowledged: 9, lost: 4, unacknowledgedArrived: 0 });
});

test('a message counts from when it was due to when it was read first, and clocks that disagree make no time negative', () => {
  const { told, read } = open();
  read(0, { now: dueAt + 1500 });
  read(0, { now: dueAt + 9000 });
  read(1, { now: dueAt - 20 });
  expect(told.seconds).toEqual([1.5, 0]);
});

test('messages of others are left out', () => {
  const { audit, read } = open();
  const value = Buffer.from('x');
  const mark = (name: string) =>
    encodeMark({ testid: name, producer: 0, sequence: 7, dueAt, checksum: checksumOf(value) });
  expect(read(0)).toBe(true);
  for (const header of [undefined, Buffer.alloc(0), Buffer.from('anything'), mark('run-12'), mark('run-')])
    expect(audit.take('orders', 0, header, value, dueAt)).toBe(false);
  expect(audit.foreign).toBe(5);
  expect(audit.settle([ledger([sent(1)])])).toMatchObject({
    total: { received: 1, lost: 0, corrupted: 0 },
    doubts: [],
  });
});

test('a value that is not what was sent is corrupted, and not lost', () => {
  const { audit, told } = open();
  const value = Buffer.from('{"orderId":1}');
  const mark = (sequence: number) => encodeMark({ testid, producer: 0, sequence, dueAt, checksum: checksumOf(value) });
  const changed = [Buffer.from('{"orderId":2}'), Buffer.alloc(0), Buffer.from('{"orderId":1} '), null];
  for (const [sequence, one] of changed.entries()) audit.take('orders', 0, mark(sequence), one, dueAt);
  audit.take('orders', 0, mark(4), value, dueAt);
  expect(audit.settle([ledger([sent(5)])]).total).toMatchObject({ corrupted: 4, lost: 0, received: 5 });
  expect(told.counts.corrupted).toBe(4);
});

test('a mark that no producer of the run can have made is corrupted', () => {
  const { audit } = open({ producers: 2 });
  const value = Buffer.from('x');
  const sum = checksumOf(value).toString(16);
  const marks = [
    '',
    '0 0',
    `2 0 1 ${sum}`,
    `0 -1 1 ${sum}`,
    `0 1.5 1 ${sum}`,
    `-1 0 1 ${sum}`,
    `0 0 1 ${sum} 0`,
    `x 0 1 ${sum}`,
  ];
  for (const mark of [...marks, `0 1e99 1 ${sum}`, `0 1 1 zz`])
    audit.take('orders', 0, Buffer.from(`${testid} ${mark}`), value, dueAt);
  const settlement = audit.settle([ledger([], 0), ledger([], 1)]);
  expect(settlement).toMatchObject({ total: { corrupted: 10, received: 10 }, doubts: [] });
});

test.each<[name: string, doubt: RegExp, producers: number, read: number[], ledgers: Ledger[]]>([
  ['a producer without an account', /producer 1, 2:/, 3, [0], [ledger([sent(1)])]],
  ['a number beyond what was sent', /number 5 .* sent 5/, 1, [0, 1, 2, 3, 4, 5], [ledger([sent(5)])]],
  ['a partition that the account leaves out', /number 1 .* sent 0/, 1, [0, 1], [ledger([])]],
  ['the account of another run', /of another run, run-2/, 1, [], [{ ...ledger([]), testid: 'run-2' }]],
  ['two accounts of one producer', /two accounts/, 1, [], [ledger([]), ledger([])]],
  ['a partition that was not read', /partition 4 of orders, which/, 1, [], [ledger([sent(1, { partition: 4 })])]],
])('%s leaves the numbers without proof, which is said', (_name, doubt, producers, sequences, ledgers) => {
  const { audit, read } = open({ producers });
  for (const sequence of sequences) read(sequence);
  expect(audit.settle(ledgers).doubts).toEqual([expect.stringMatching(doubt)]);
});

test('gaps are kept up to a number of all producers and partitions together, beyond which nothing is proved', () => {
  const { audit, read } = open({ producers: 500, partitions: 4 });
  const whole = Array.from({ length: 500 }, (_, producer) =>
    ledger([sent(200), sent(1000, { partition: 1 })], producer),
  );
  for (let sequence = 1; sequence < 200; sequence += 2) read(sequence);
  expect(audit.settle(whole).doubts).toEqual([]);
  for (let sequence = 1; sequence < 1000; sequence += 2) read(sequence, { partition: 1 });
  const { doubts } = audit.settle(whole);
  expect(doubts).toEqual([expect.stringMatching(/more gaps than are kept in partition 1 of orders, by producer 0/)]);
});

test('ranges are put in order, and those that touch are one', () => {
  expect(
    normalised([
      [5, 6],
      [0, 1],
      [2, 3],
      [6, 9],
      [20, 20],
    ]),
  ).toEqual([
    [0, 3],
    [5, 9],
    [20, 20],
  ]);
});

/** Sequences 0 to count - 1 as a topic may have them: most in order, some twice, some late, some not at all. */
function disturbed(count: number, random: (below: number) => number): number[] {
  const written: number[] = [];
  const late: number[] = [];
  for (let sequence = 0; sequence < count; sequence++) {
    const fate = random(20);
    if (fate === 0) continue;
    if (fate === 1) late.push(sequence);
    else written.push(sequence);
    if (fate === 2) written.push(sequence);
    if (fate === 3) written.push(random(sequence + 1));
    if (fate === 4) written.push(...late.splice(0, 1 + random(3)));
  }
  return written;
}

/** The same numbers for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
