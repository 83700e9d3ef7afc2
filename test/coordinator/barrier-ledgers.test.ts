import { Barrier } from '../../bots/coordinator/barrier.ts';

/** Load generators leave an account of what they sent, and whoever verifies it gets all of them. */

let barrier: Barrier;
let url: string;

beforeEach(async () => {
  barrier = new Barrier(1);
  url = `http://localhost:${await barrier.listen(0)}`;
});
afterEach(() => barrier.close());

const ledger = (producer: number, testid = 'run-1') => ({ testid, producer, partitions: [] });

const put = async (index: number | string, body: string) =>
  (await fetch(`${url}/ledgers/${index}`, { method: 'PUT', body })).status;

const collect = async (query = '') => {
  const response = await fetch(`${url}/ledgers${query}`);
  const text = await response.text();
  return { status: response.status, ledgers: text ? JSON.parse(text) : undefined };
};

test('nobody is answered before all are there, and then everybody is', async () => {
  expect(await put(0, JSON.stringify(ledger(0)))).toBe(204);
  let answered = 0;
  const waiting = [2, 2, 3].map((of) =>
    collect(`?of=${of}`).then((answer) => {
      answered += 1;
      return answer;
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(answered).toBe(0);
  await put(1, JSON.stringify(ledger(1)));
  const both = { status: 200, ledgers: [ledger(0), ledger(1)] };
  expect(await Promise.all(waiting.slice(0, 2))).toEqual([both, both]);
  expect(await collect('?of=2')).toEqual(both);
  expect(answered).toBe(2);
  await put(2, JSON.stringify(ledger(2)));
  expect((await waiting[2])?.ledgers).toHaveLength(3);
});

test('those that are there are to be had at once', async () => {
  expect(await collect()).toEqual({ status: 200, ledgers: [] });
  await put(4, JSON.stringify(ledger(4)));
  expect(await collect()).toEqual({ status: 200, ledgers: [ledger(4)] });
});

test('one that is left again counts once, as it was left last', async () => {
  const last = { ...ledger(0), partitions: [{ topic: 'orders', partition: 0, sent: 1, unacknowledged: [] }] };
  for (const one of [ledger(0), last]) await put(0, JSON.stringify(one));
  expect(await collect()).toEqual({ status: 200, ledgers: [last] });
});

test('what is no ledger, too long, or of another run is refused', async () => {
  await put(0, JSON.stringify(ledger(0)));
  const { testid: _, ...nameless } = ledger(1);
  for (const body of ['', '{', 'null', '[]', '7', JSON.stringify(nameless), JSON.stringify(ledger(2))])
    expect({ body, status: await put(1, body) }).toEqual({ body, status: 400 });
  expect(await put(1, JSON.stringify(ledger(1, 'run-2')))).toBe(409);
  expect(await put(1, JSON.stringify({ ...ledger(1), padding: 'x'.repeat(5 * 1024 * 1024) }))).toBe(413);
  expect((await collect()).ledgers).toEqual([ledger(0)]);
});

test('what is asked in another way is not there', async () => {
  for (const path of ['/ledgers/', '/ledgers/x', '/ledgers/-1', '/ledgers?of=x', '/ledgers?of=-1', '/ledger'])
    expect({ path, status: (await fetch(`${url}${path}`)).status }).toEqual({ path, status: 404 });
  for (const [path, method] of [
    ['/ledgers', 'PUT'],
    ['/ledgers/0', 'POST'],
    ['/ledgers', 'DELETE'],
  ] as const)
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
});

test('a run that is called off ends the wait for ledgers', async () => {
  const waiting = collect('?of=1');
  await new Promise((resolve) => setTimeout(resolve, 100));
  barrier.callOff();
  expect((await waiting).status).toBe(410);
  expect(await put(0, JSON.stringify(ledger(0)))).toBe(410);
});

test('what is no address at all does not end the coordinator', async () => {
  await expect(fetch(`${url}//`)).rejects.toThrow();
  expect((await collect()).status).toBe(200);
});
