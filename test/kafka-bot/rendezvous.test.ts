import { setTimeout as sleep } from 'node:timers/promises';
import { Barrier } from '../../bots/coordinator/barrier.ts';
import { BotError } from '../../bots/kafka-bot/options.ts';
import type { Ledger } from '../../bots/kafka-bot/proof/ledger.ts';
import { rendezvousAt } from '../../bots/kafka-bot/rendezvous.ts';

/** Bots of a run start together, and the verifier gets what producers sent. */

let barrier: Barrier | undefined;
afterEach(() => barrier?.close());

const open = async (bots: number, port = 0) => {
  barrier = new Barrier(bots);
  return `http://127.0.0.1:${await barrier.listen(port)}`;
};

const ledger = (producer: number): Ledger => ({
  testid: 'run-1',
  producer,
  partitions: [{ topic: 'orders', partition: 0, sent: 10 + producer, unacknowledged: [[3, 4]] }],
});

test('producers and verifier start at the same instant, and not before the last is there', async () => {
  const url = await open(3);
  const [first, second] = ['0', 'verifier'].map((runner) => rendezvousAt(url).start(runner));
  await sleep(200);
  expect(barrier?.startsAt).toBeUndefined();
  const instants = await Promise.all([first, second, rendezvousAt(url).start('1')]);
  for (const instant of instants) expect(Math.abs((instant ?? 0) - (barrier?.startsAt ?? 0))).toBeLessThan(100);
});

test('the verifier waits for all ledgers, whoever comes first', async () => {
  const url = await open(1);
  await rendezvousAt(url).leave(ledger(1));
  const collected = rendezvousAt(url).collect(2, 30);
  await sleep(100);
  await rendezvousAt(url).leave(ledger(0));
  expect((await collected).sort((a, b) => a.producer - b.producer)).toEqual([ledger(0), ledger(1)]);
});

test('where a producer leaves none, those that are there have to do', async () => {
  const url = await open(1);
  await rendezvousAt(url).leave(ledger(1));
  const asked = Date.now();
  expect(await rendezvousAt(url).collect(2, 0.3)).toEqual([ledger(1)]);
  expect(Date.now() - asked).toBeGreaterThanOrEqual(290);
});

test('a run that is called off ends the wait', async () => {
  const url = await open(2);
  const waiting = rendezvousAt(url).start('0');
  waiting.catch(() => undefined);
  const collecting = rendezvousAt(url).collect(2, 30);
  collecting.catch(() => undefined);
  await sleep(100);
  barrier?.callOff();
  await expect(waiting).rejects.toThrow(new BotError('the run was called off'));
  await expect(collecting).rejects.toThrow(BotError);
});

test('a coordinator that is not there yet is asked again', async () => {
  const url = await open(1);
  barrier?.close();
  const waiting = rendezvousAt(url).start('0');
  await sleep(300);
  await open(1, Number(new URL(url).port));
  expect(await waiting).toBeGreaterThan(Date.now());
});

test.each(['held', 'tried again'])(
  'whoever waits can be stopped for a reason, while the question is %s',
  async (how) => {
    const url = await open(2);
    if (how === 'tried again') barrier?.close();
    const stop = new AbortController();
    const reason = new Error('it was stopped before its time');
    const waiting = rendezvousAt(url, stop.signal).start('0');
    setTimeout(() => stop.abort(reason), 100);
    await expect(waiting).rejects.toBe(reason);
  },
);

test('what is refused is said with the reason, and not tried again', async () => {
  const rendezvous = rendezvousAt(await open(1));
  await rendezvous.leave(ledger(0));
  await expect(rendezvous.leave({ ...ledger(1), testid: 'run-2' })).rejects.toThrow(
    /^the coordinator at .* answers \/ledgers\/1 with 409: ledgers of run-1 are gathered here, and none of run-2$/,
  );
});

test('without a coordinator the start is at once, and ledgers stay in the process', async () => {
  const alone = rendezvousAt(undefined);
  expect(Math.abs((await alone.start('0')) - Date.now())).toBeLessThan(50);
  await alone.leave(ledger(0));
  expect(await alone.collect(1, 30)).toEqual([ledger(0)]);
});
