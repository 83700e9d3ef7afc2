import { Limiter } from '../../demo/lib/limiter.ts';

const entered = async (turns: readonly Promise<void>[]) => {
  const states = turns.map(() => false);
  for (const [index, turn] of turns.entries())
    turn.then(
      () => {
        states[index] = true;
      },
      () => undefined,
    );
  await new Promise(setImmediate);
  return states;
};

test('admits as many as the limit, and the next in the order they came', async () => {
  const limiter = new Limiter(2);
  const turns = [1, 2, 3, 4].map(() => limiter.acquire());
  expect(await entered(turns)).toEqual([true, true, false, false]);
  expect({ active: limiter.active, waiting: limiter.waiting }).toEqual({ active: 2, waiting: 2 });
  limiter.release();
  expect(await entered(turns)).toEqual([true, true, true, false]);
});

test('refuses who finds the queue full, and who waited too long, and forgets both', async () => {
  const limiter = new Limiter(1, 1);
  await limiter.acquire();
  const late = limiter.acquire(10);
  await expect(limiter.acquire()).rejects.toThrow('1 wait already');
  await expect(late).rejects.toThrow('nothing came free in 10 ms (1 of 1 in use)');
  expect(limiter.waiting).toBe(0);
  limiter.release();
  await limiter.acquire();
  expect(limiter.active).toBe(1);
});

test('a limit that is raised admits at once; one that is lowered throws nobody out', async () => {
  const limiter = new Limiter(1);
  const turns = [1, 2, 3].map(() => limiter.acquire());
  limiter.limit = 3;
  expect(await entered(turns)).toEqual([true, true, true]);
  limiter.limit = 1;
  expect(limiter.active).toBe(3);
  limiter.release();
  limiter.release();
  expect(await entered([limiter.acquire()])).toEqual([false]);
});

test('a task that fails gives its place back', async () => {
  const limiter = new Limiter(1);
  await expect(limiter.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limiter.run(async () => 'next')).toBe('next');
});
