import { setTimeout as sleep } from 'node:timers/promises';
import { Groups } from '../../bots/kafka-bot/proof/groups.ts';
import type { GroupObserver } from '../../bots/kafka-bot/proof/observer.ts';

/** How far consumer groups are behind, and when they have worked it off. The brokers' part is played. */

class Brokers {
  readonly groups = new Map<string, number[]>();
  ends = [0, 0];
  away = false;
  /** How often it was asked for the end. */
  asked = 0;

  async groupExists(name: string): Promise<boolean> {
    return this.groups.has(name);
  }

  async committed(name: string): Promise<Map<string, number[]>> {
    return new Map([['orders', [...(this.#there.groups.get(name) ?? [-1, -1])]]]);
  }

  async endOffsets(): Promise<Map<string, number[]>> {
    this.asked += 1;
    return new Map([['orders', [...this.#there.ends]]]);
  }

  get #there(): this {
    if (this.away) throw new Error('connection refused');
    return this;
  }
}

let brokers: Brokers;
let groups: Groups | undefined;
const seen: { group: string; topic: string; messages: number; seconds: number }[] = [];
const drained: string[] = [];
const forgotten: number[][] = [];
const observer: GroupObserver = {
  lag: (group, topic, messages, seconds) => void seen.push({ group, topic, messages, seconds }),
  drained: (group) => void drained.push(group),
};

beforeEach(() => {
  brokers = new Brokers();
  for (const list of [seen, drained, forgotten]) list.length = 0;
});
afterEach(() => groups?.close());

/** Until the groups have been looked at since now: a look begins by asking for the end. */
async function aLook(): Promise<void> {
  const since = brokers.asked;
  while (brokers.asked < since + 3) await sleep(5);
}

const open = async (...names: string[]) => {
  groups = await Groups.open({
    cluster: brokers,
    names,
    topics: ['orders'],
    // A message is a second old for each that is before 1,000.
    times: {
      ageOf: (_topic, _partition, offset) => Math.max(0, 1000 - offset),
      forget: (_topic, partition, below) => void forgotten.push([partition, below]),
    },
    observer,
    log: { debug: () => undefined },
    interval: 10,
  });
  return groups;
};

test('a group that nobody knows is named before anything is sent', async () => {
  brokers.groups.set('billing', [0, 0]);
  await expect(open('billing', 'biling')).rejects.toThrow(/^consumer group biling does not exist/);
});

test('the lag is what is not committed, the oldest of it says the seconds, and peaks stay', async () => {
  brokers.groups.set('billing', [0, 0]);
  const watched = await open('billing');
  brokers.ends = [30, 12];
  brokers.groups.set('billing', [10, 5]);
  await aLook();
  expect(seen.at(-1)).toEqual({ group: 'billing', topic: 'orders', messages: 27, seconds: 995 });
  brokers.groups.set('billing', [30, 10]);
  await aLook();
  expect(seen.at(-1)).toEqual({ group: 'billing', topic: 'orders', messages: 2, seconds: 990 });
  brokers.groups.set('billing', [30, 12]);
  const [report] = await watched.drain(5);
  expect(report).toMatchObject({
    group: 'billing',
    lag: { messages: 0, seconds: 0 },
    peak: { messages: 27, seconds: 995 },
  });
  expect(report?.drainedIn).toBeLessThan(1);
  expect(drained).toEqual(['billing']);
});

test('a group that commits more than was there when the end was asked for lags by nothing', async () => {
  brokers.groups.set('billing', [0, 0]);
  await open('billing');
  brokers.ends = [10, 10];
  brokers.groups.set('billing', [14, 10]);
  await aLook();
  expect(seen.at(-1)).toMatchObject({ messages: 0, seconds: 0 });
});

test('a group that never committed lags from where the run began', async () => {
  brokers.ends = [500, 70];
  brokers.groups.set('new', [-1, 60]);
  await open('new');
  brokers.ends = [503, 72];
  await aLook();
  expect(seen.at(-1)).toMatchObject({ messages: 3 + 12 });
});

test('a group is waited for until it lags no more than before the load, though others go on sending', async () => {
  brokers.ends = [100, 0];
  brokers.groups.set('slow', [80, 0]);
  const watched = await open('slow');
  brokers.ends = [150, 0];
  const reports = watched.drain(5);
  await aLook();
  brokers.ends = [400, 0];
  brokers.groups.set('slow', [129, 0]);
  await aLook();
  expect(drained).toEqual([]);
  brokers.groups.set('slow', [130, 0]);
  expect((await reports)[0]).toMatchObject({ drainedIn: expect.any(Number) });
});

test('a group that is not done in time is told with what is left, and the others are none the worse', async () => {
  for (const name of ['quick', 'stuck']) brokers.groups.set(name, [0, 0]);
  const watched = await open('quick', 'stuck');
  brokers.ends = [8, 8];
  brokers.groups.set('quick', [8, 8]);
  brokers.groups.set('stuck', [3, 8]);
  await aLook();
  const [quick, stuck] = await watched.drain(0.1);
  expect(quick?.drainedIn).toBeLessThan(0.1);
  expect(stuck).toEqual({ group: 'stuck', lag: { messages: 5, seconds: 997 }, peak: { messages: 5, seconds: 997 } });
  expect(drained).toEqual(['quick']);
});

test('brokers that are away for a while are asked again, and those that stay away are the reason', async () => {
  brokers.groups.set('billing', [0, 0]);
  const watched = await open('billing');
  brokers.ends = [5, 0];
  brokers.away = true;
  await aLook();
  const [missed] = await watched.drain(0.1);
  expect(missed).toMatchObject({ failure: 'connection refused' });
  expect(missed).not.toHaveProperty('drainedIn');
  brokers.away = false;
  brokers.groups.set('billing', [5, 0]);
  expect((await watched.drain(5))[0]).toMatchObject({ drainedIn: expect.any(Number), lag: { messages: 0 } });
});

test('what all groups have committed is forgotten', async () => {
  brokers.groups.set('quick', [40, 9]);
  brokers.groups.set('slow', [20, 30]);
  await open('quick', 'slow');
  await aLook();
  expect(forgotten.slice(-2)).toEqual([
    [0, 20],
    [1, 9],
  ]);
});

test('without groups there is nothing to wait for', async () => {
  const watched = await open();
  expect(await watched.drain(60)).toEqual([]);
});
