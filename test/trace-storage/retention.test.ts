import { beginOf, daysBefore } from '../../bots/trace-storage/day.ts';
import { dayOfIndex } from '../../bots/trace-storage/index-names.ts';
import { plan } from '../../bots/trace-storage/retention.ts';

/** Which indices are over, and which names are Zipkin's at all. */

const now = Date.parse('2026-03-01T00:00:01Z');
const kinds = ['span', 'dependency', 'autocomplete'];

const planned = (names: readonly string[], days = 7, at = now, index = 'zipkin') => {
  const { over, kept } = plan(
    { index, days },
    names.map((name) => ({ name })),
    at,
  );
  return { over: over.map(({ name }) => name), kept: kept.map(({ name }) => name) };
};

/** A name for each of many days around today, of each kind. */
const dated = Array.from({ length: 2000 }, (_, at) => daysBefore(now, at - 500)).flatMap((day) =>
  kinds.map((kind) => ({ name: `zipkin-${kind}-${day}`, day })),
);

describe.each([1, 2, 7, 30, 365])('of %d days', (days) => {
  const names = dated.map(({ name }) => name);
  const { over, kept } = planned(names, days);

  test('today and the days before it are kept, and all that are to come', () => {
    for (const { name, day } of dated) {
      const age = (Date.parse('2026-03-01') - Date.parse(day)) / 86_400_000;
      expect([name, kept.includes(name), over.includes(name)]).toEqual([name, age < days, age >= days]);
    }
  });

  test('none is in both, and none is lost', () => {
    expect([...over, ...kept].sort()).toEqual([...names].sort());
  });
});

test.each([
  ['2026-03-01T00:00:00.000Z', ['zipkin-span-2026-02-27'], ['zipkin-span-2026-02-28', 'zipkin-span-2026-03-01']],
  ['2026-02-28T23:59:59.999Z', [], ['zipkin-span-2026-02-27', 'zipkin-span-2026-02-28', 'zipkin-span-2026-03-01']],
])('at %s, two days end at midnight of UTC', (at, over, kept) => {
  const names = ['zipkin-span-2026-02-27', 'zipkin-span-2026-02-28', 'zipkin-span-2026-03-01'];
  expect(planned(names, 2, Date.parse(at))).toEqual({ over, kept });
});

test('the 29th of February is a day of leap years', () => {
  expect(dayOfIndex('zipkin', 'zipkin-span-2024-02-29')).toBe('2024-02-29');
  expect(dayOfIndex('zipkin', 'zipkin-span-2026-02-29')).toBeUndefined();
});

test('the oldest goes first, so that one that cannot be deleted is the one that matters most', () => {
  expect(planned(['zipkin-span-2025-01-02', 'zipkin-span-2024-01-01', 'zipkin-span-2025-01-01']).over).toEqual([
    'zipkin-span-2024-01-01',
    'zipkin-span-2025-01-01',
    'zipkin-span-2025-01-02',
  ]);
});

/** Names next to Zipkin's own, of every kind of mistake that may be made with them. */
const foreign = [
  '',
  'zipkin',
  'zipkin-span',
  'zipkin-span-',
  '2020-01-01',
  ...['2020-1-1', '20200101', '2020.01.01', '2020-01-01-1', '2020-01-01 ', '02020-01-01', '2020-01-*', '*'].map(
    (day) => `zipkin-span-${day}`,
  ),
  ...['2026-02-30', '2025-13-01', '2025-00-10', '2025-01-00', '2025-01-32', '2025-04-31', '0000-00-00'].map(
    (day) => `zipkin-span-${day}`,
  ),
  ...[
    'zipkin2-span',
    'my-zipkin-span',
    'zipkin-span-span',
    'zipkinspan',
    'zipkin:span',
    'zipkin-spans',
    'zipkin*span',
  ].map((start) => `${start}-2020-01-01`),
  ...[
    'zipkin-metrics',
    'zipkin--span',
    'Zipkin-span',
    '-span',
    '.zipkin-span',
    'zipkin-span-span',
    'zipkin-span-zipkin-span',
  ].map((start) => `${start}-2020-01-01`),
  'zipkin-span-2020-01-01-reindexed',
  'zipkin-span-2020-01-01\nzipkin-span-2020-01-02',
  'zipkin-span-2020-01-01,zipkin-span-2020-01-02',
  '.ds-zipkin-span-2020-01-01-000001',
];

test.each(foreign)('"%s" is none of ours', (name) => {
  expect(dayOfIndex('zipkin', name)).toBeUndefined();
  expect(planned([name])).toEqual({ over: [], kept: [] });
});

test.each(['zipkin-prod', 'zipkin_2', 'z', 'zipkin-span'])('of the prefix %s, only its own', (index) => {
  const own = kinds.map((kind) => `${index}-${kind}-2020-01-01`);
  const all = new Set([...own, ...foreign, 'zipkin-autocomplete-2020-01-01', 'zipkin-prod2-span-2020-01-01']);
  expect(planned([...all], 7, now, index).over.sort()).toEqual(own.sort());
});

test('one more or one other character makes it another name', () => {
  const name = 'zipkin-span-2020-01-01';
  for (let at = 0; at <= name.length; at += 1)
    for (const character of ['x', '-', '0', '*', ' ']) {
      const inserted = name.slice(0, at) + character + name.slice(at);
      expect([inserted, dayOfIndex('zipkin', inserted)]).toEqual([inserted, undefined]);
      const replaced = name.slice(0, at) + character + name.slice(at + 1);
      // Another day is a day.
      if (beginOf(replaced.slice(12)) === undefined || !replaced.startsWith('zipkin-span-'))
        expect([replaced, dayOfIndex('zipkin', replaced)]).toEqual([replaced, undefined]);
    }
});
