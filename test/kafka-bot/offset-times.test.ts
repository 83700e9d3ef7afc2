import { OffsetTimes } from '../../bots/kafka-bot/proof/offset-times.ts';

/** How old the message at an offset is, with far fewer times than messages. */

const since = 1_700_000_000_000;
const open = () => new OffsetTimes(new Map([['orders', [100, 0]]]), since);
const age = (times: OffsetTimes, offset: number, now: number) => times.ageOf('orders', 0, offset, now);

/** A message a millisecond from offset 100 onwards. */
const filled = (count: number) => {
  const times = open();
  for (let index = 0; index < count; index++) times.note('orders', 0, 100 + index, since + index);
  return times;
};

test('a message is as old as it is, to a tenth of a second, and rather older than younger', () => {
  const times = filled(5000);
  for (const offset of [100, 101, 777, 2500, 5098]) {
    const real = (5000 - (offset - 100)) / 1000;
    const said = age(times, offset, since + 5000);
    expect(said).toBeGreaterThanOrEqual(real);
    expect(said).toBeLessThan(real + 0.1);
  }
});

test('what was there before the run counts from its start', () => {
  expect(age(filled(1000), 40, since + 7000)).toBe(7);
});

test('what is not read yet came after all was read', () => {
  const times = filled(10);
  times.caughtUp('orders', 0, since + 60_000);
  expect(age(times, 110, since + 60_500)).toBe(0.5);
  expect(age(times, 111, since + 60_500)).toBe(0.5);
});

test('times stay few over a long run, and still tell the age by a share of it', () => {
  const times = open();
  const hours = 6 * 3_600_000;
  for (let at = 0; at < hours; at += 100) times.note('orders', 0, 100 + at, since + at);
  for (const share of [0.1, 0.5, 0.9]) {
    const real = (hours * (1 - share)) / 1000;
    const said = age(times, 100 + Math.round(hours * share), since + hours);
    expect(said).toBeGreaterThanOrEqual(real);
    expect(said).toBeLessThan(real + hours / 1000 / 500);
  }
});

test('what is forgotten changes nothing for what is asked for after', () => {
  const times = filled(5000);
  const before = [2600, 2650, 4000].map((offset) => age(times, offset, since + 5000));
  times.forget('orders', 0, 2600);
  expect([2600, 2650, 4000].map((offset) => age(times, offset, since + 5000))).toEqual(before);
});

test('producers whose clocks disagree make no message younger than those before it', () => {
  const times = open();
  times.note('orders', 0, 100, since);
  times.note('orders', 0, 101, since + 1000);
  times.note('orders', 0, 102, since + 400);
  expect(age(times, 102, since + 2000)).toBe(1);
  expect(age(times, 100, since + 2000)).toBe(2);
});
