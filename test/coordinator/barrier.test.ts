import { Barrier } from '../../bots/coordinator/barrier.ts';

/** Runners are let go together, or not at all. */

let barrier: Barrier;
let url: string;

const open = async (runners: number) => {
  barrier = new Barrier(runners);
  url = `http://localhost:${await barrier.listen(0)}`;
};
afterEach(() => barrier.close());

const arrive = async (runner: number) => {
  const response = await fetch(`${url}/start?runner=${runner}`);
  const text = await response.text();
  return { status: response.status, at: performance.now(), startsInMs: text ? JSON.parse(text).startsInMs : undefined };
};

test('nobody is answered before the last has come, and then all start at the same instant', async () => {
  await open(3);
  let answered = 0;
  const early = [0, 1].map((runner) =>
    arrive(runner).then((answer) => {
      answered += 1;
      return answer;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect({ answered, arrived: barrier.arrived, startsAt: barrier.startsAt }).toEqual({
    answered: 0,
    arrived: 2,
    startsAt: undefined,
  });

  const answers = await Promise.all([...early, arrive(2)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const instants = answers.map(({ at, startsInMs }) => at + startsInMs);
  expect(Math.max(...instants) - Math.min(...instants)).toBeLessThan(250);
  expect(barrier.startsAt).toBeGreaterThan(Date.now());
});

test('one that asks again is no second runner, and one that comes late starts at once', async () => {
  await open(2);
  const first = arrive(0);
  const again = arrive(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(barrier.arrived).toBe(1);
  await Promise.all([first, again, arrive(1)]);
  const starts = barrier.startsAt ?? 0;
  await new Promise((resolve) => setTimeout(resolve, starts - Date.now() + 50));
  expect(await arrive(0)).toMatchObject({ status: 200, startsInMs: 0 });
});

test('a run that is called off lets nobody start, neither those who wait nor those who come', async () => {
  await open(2);
  const waiting = arrive(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  barrier.callOff();
  expect((await waiting).status).toBe(410);
  expect((await arrive(1)).status).toBe(410);
});

test('who is no runner is told so', async () => {
  await open(1);
  for (const path of ['/', '/start', '/start?runner=']) expect((await fetch(`${url}${path}`)).status).toBe(404);
  expect((await fetch(`${url}/start?runner=0`, { method: 'POST' })).status).toBe(404);
  expect(barrier.arrived).toBe(0);
});
