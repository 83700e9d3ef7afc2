import { setTimeout as sleep } from 'node:timers/promises';
import { SendError } from '../../bots/kafka-bot/drivers/driver.ts';
import { Resilience } from '../../bots/kafka-bot/resilience.ts';

/** Failures are tried again, and all hold still while the brokers are taken to be away. */

const passing = (reason = 'connection') => new SendError('no answer', reason, true);
const never = new AbortController().signal;

function resilience(retry = { initialMs: 1, maxMs: 5 }, breaker = { failures: 5, cooldownMs: 60 }) {
  const events: string[] = [];
  const observer = {
    failedAttempt: ({ reason }: SendError) => events.push(reason),
    retried: () => events.push('retried'),
    breaker: (state: string) => events.push(state),
  };
  return { events, resilience: new Resilience({ retry, breaker, observer }) };
}

/** Fails so often, then succeeds. */
function failing(times: number, error: Error = passing()) {
  const attempts: number[] = [];
  const send = async () => {
    attempts.push(performance.now());
    if (attempts.length <= times) throw error;
  };
  return { attempts, send };
}

test('what fails is tried again until it succeeds, and each attempt is told', async () => {
  const { events, resilience: tested } = resilience();
  const { send } = failing(2);
  await tested.deliver(send, never);
  expect(events).toEqual(['connection', 'retried', 'connection', 'retried']);
});

test('waits become longer, and no longer than the longest', async () => {
  const { resilience: tested } = resilience({ initialMs: 20, maxMs: 60 }, { failures: 100, cooldownMs: 1 });
  const { attempts, send } = failing(16);
  await tested.deliver(send, never);
  const waits = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
  // Jitter may make any of them short, and a busy machine long: but not most of them.
  const late = waits.slice(5).sort((a, b) => a - b);
  const median = late[Math.floor(late.length / 2)] ?? 0;
  expect(median).toBeGreaterThan(50);
  expect(median).toBeLessThan(100);
});

test('an answer that no other attempt would change ends it at once, and says nothing against the brokers', async () => {
  const { events, resilience: tested } = resilience();
  const error = new SendError('too large', 'message_too_large', false);
  for (let time = 0; time < 10; time++) {
    const { attempts, send } = failing(1, error);
    await expect(tested.deliver(send, never)).rejects.toBe(error);
    expect(attempts).toHaveLength(1);
  }
  expect(new Set(events)).toEqual(new Set(['message_too_large']));
});

test('after five failures in a row nobody sends, until one was let through and succeeded', async () => {
  const { events, resilience: tested } = resilience();
  let [up, attempts] = [false, 0];
  const send = async () => {
    attempts++;
    if (!up) throw passing();
  };
  const lanes = [0, 1, 2].map(() => tested.deliver(send, never));
  await sleep(40);
  expect(events.filter((event) => event === 'open')).toHaveLength(1);
  const before = attempts;
  // Those that were on their way when it opened.
  expect(before).toBeLessThanOrEqual(7);
  await sleep(10);
  expect(attempts).toBe(before);

  // One is let through, fails, and the others hold still.
  await sleep(50);
  expect(attempts).toBe(before + 1);
  expect(events.slice(-3)).toEqual(expect.arrayContaining(['half_open', 'open']));

  up = true;
  await Promise.all(lanes);
  expect(events.filter((event) => ['open', 'half_open', 'closed'].includes(event))).toEqual([
    'open',
    'half_open',
    'open',
    'half_open',
    'closed',
  ]);
  // To wait for it was no failure.
  expect(events.filter((event) => event === 'connection')).toHaveLength(before + 1);
});

test('when it closes, those go on that had longer to wait', async () => {
  const { resilience: tested } = resilience({ initialMs: 60_000, maxMs: 60_000 }, { failures: 2, cooldownMs: 30 });
  const [first, second] = [failing(1), failing(1)];
  const waiting = [tested.deliver(first.send, never), tested.deliver(second.send, never)];
  await sleep(40);
  const third = failing(0);
  await tested.deliver(third.send, never);
  await Promise.all(waiting);
  expect([first, second, third].map(({ attempts }) => attempts.length)).toEqual([2, 2, 1]);
});

test('success forgives the failures before', async () => {
  const { events, resilience: tested } = resilience();
  for (let time = 0; time < 5; time++) await tested.deliver(failing(3).send, never);
  expect(events).not.toContain('open');
});

test('it ends with the run, whatever it waits for', async () => {
  const { resilience: tested } = resilience({ initialMs: 60_000, maxMs: 60_000 });
  const run = new AbortController();
  const [first, second] = [failing(9), failing(9)];
  const waiting = tested.deliver(first.send, run.signal);
  await sleep(10);
  run.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  await expect(tested.deliver(second.send, run.signal)).rejects.toThrow('over');
  expect([first.attempts.length, second.attempts.length]).toEqual([1, 0]);
});

test('an attempt that ends because the run does is no failure', async () => {
  const { events, resilience: tested } = resilience();
  const run = new AbortController();
  const send = () => sleep(20).then(() => Promise.reject(passing()));
  const waiting = tested.deliver(send, run.signal);
  run.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  expect(events).toEqual([]);
});

test('a topic may be unknown for a moment, and then is missing', async () => {
  const { resilience: tested } = resilience();
  await tested.deliver(failing(2, passing('unknown_topic')).send, never);

  let now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
  const { attempts, send } = failing(99, passing('unknown_topic'));
  const missing = tested.deliver(async () => {
    now += 4000;
    return send();
  }, never);
  await expect(missing).rejects.toMatchObject({ reason: 'unknown_topic', retriable: false });
  expect(attempts.length).toBeGreaterThan(2);
  clock.mockRestore();
});

test('a fault of the client is tried again like one of the brokers', async () => {
  const { events, resilience: tested } = resilience();
  await tested.deliver(failing(1, new TypeError('x is undefined')).send, never);
  expect(events).toEqual(['client', 'retried']);
});
