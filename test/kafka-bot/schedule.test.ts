import { Schedule, type Stage, shareOf } from '../../bots/kafka-bot/schedule.ts';

/** When messages are due is fixed by the rates alone, and is exact however long a run takes. */

const level = (rate: number, seconds: number): Stage => ({ seconds, from: rate, to: rate });
const ramp = (from: number, to: number, seconds: number): Stage => ({ seconds, from, to });

const runs: Readonly<Record<string, readonly Stage[]>> = {
  steady: [level(100, 60)],
  spike: [level(100, 30), level(1000, 30), level(100, 30)],
  ramps: [ramp(0, 500, 20), ramp(500, 20, 7), ramp(20, 0, 3)],
  pause: [level(50, 10), level(0, 60), ramp(0, 10, 10)],
  slow: [level(0.3, 100), ramp(0.3, 0.01, 50)],
  odd: [ramp(3.7, 191.3, 1.9), level(33.3, 0.1), ramp(7, 0, 0.35)],
};

/** By adding up small steps. */
function integral(stages: readonly Stage[], until: number): number {
  let [sum, starts] = [0, 0];
  for (const { seconds, from, to } of stages) {
    const within = Math.min(seconds, Math.max(0, until - starts));
    const end = from + ((to - from) * within) / seconds;
    sum += ((from + end) / 2) * within;
    starts += seconds;
  }
  return sum;
}

describe.each(Object.entries(runs))('a %s run', (_, stages) => {
  const schedule = new Schedule(stages);

  test('has as many messages as the rate comes to, at any time and in the end', () => {
    const instants = Array.from({ length: 997 }, (_, index) => (index * schedule.seconds) / 997);
    const off = instants.map((at) => Math.abs(schedule.dueBy(at) - integral(stages, at)));
    expect(Math.max(...off)).toBeLessThanOrEqual(0.5 + 1e-6);
    expect(schedule.dueBy(schedule.seconds)).toBe(schedule.total);
    expect(schedule.dueBy(schedule.seconds + 1000)).toBe(schedule.total);
    expect(schedule.dueBy(-1)).toBe(0);
  });

  test('has each message due just when it says that it is', () => {
    const times = Array.from({ length: schedule.total }, (_, message) => schedule.timeOf(message));
    const wrong = times.filter(
      (at, message) =>
        at < (times[message - 1] ?? 0) ||
        at > schedule.seconds ||
        schedule.dueBy(at + 1e-6) <= message ||
        schedule.dueBy(at - 1e-6) > message,
    );
    expect(wrong).toEqual([]);
  });
});

test('none is due while the rate is 0', () => {
  const schedule = new Schedule(runs.pause ?? []);
  expect(schedule.dueBy(10)).toBe(500);
  expect(schedule.dueBy(69.9)).toBe(500);
  expect(schedule.timeOf(499)).toBeLessThan(10);
  expect(schedule.timeOf(500)).toBeGreaterThan(70);
});

test('rates jump between stages, and are 0 outside of the run', () => {
  const schedule = new Schedule([level(100, 30), level(1000, 30), ramp(200, 0, 10)]);
  expect([-1, 0, 29.9, 30, 60, 65, 70].map((at) => schedule.rateAt(at))).toEqual([0, 100, 100, 1000, 200, 100, 0]);
});

test('hours at 20,000 a second are exact to the last message', () => {
  const hours = 12;
  const schedule = new Schedule([level(20_000, hours * 3600)]);
  expect(schedule.total).toBe(hours * 3600 * 20_000);
  const last = schedule.total - 1;
  expect(schedule.timeOf(last)).toBeCloseTo(hours * 3600 - 0.5 / 20_000, 6);
  expect(schedule.timeOf(last) - schedule.timeOf(last - 20_000)).toBeCloseTo(1, 6);
});

test('a run that comes to less than a message has none', () => {
  expect(new Schedule([level(0.1, 1)]).total).toBe(0);
  expect(new Schedule([]).total).toBe(0);
});

test.each([1, 2, 3, 7])('%d producers share all messages, and none has more than one beyond another', (producers) => {
  for (let messages = 0; messages < 50; messages++) {
    const shares = Array.from({ length: producers }, (_, producer) => shareOf(messages, producer, producers));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(messages);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  }
});
