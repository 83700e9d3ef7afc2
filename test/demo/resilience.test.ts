import { handleAll, handleWhen } from 'cockatiel';
import { Resilience } from '../../demo/lib/resilience.ts';
import { testTelemetry } from './telemetry.ts';

const broken = () => Promise.reject(new Error('broken'));

test('a breaker opens when calls fail, refuses further ones, and says so in its metrics', async () => {
  const { telemetry, samples } = testTelemetry();
  const guard = new Resilience(telemetry.meters).guard('mysql', {
    failures: handleAll,
    repeatable: () => false,
  });
  const state = async () =>
    (await samples('resilience4j_circuitbreaker_state'))
      .find((line) => line.endsWith(' 1'))
      ?.match(/state="(\w+)"/)?.[1];

  expect(await state()).toBe('closed');
  let calls = 0;
  for (let attempt = 0; attempt < 30; attempt += 1)
    await guard(
      () => {
        calls += 1;
        return broken();
      },
      { repeat: false },
    ).catch(() => undefined);
  expect(await state()).toBe('open');
  expect(calls).toBeLessThan(30);
  expect(await samples('resilience4j_circuitbreaker_not_permitted_calls_total')).toEqual([
    expect.stringMatching(new RegExp(` ${30 - calls}$`)),
  ]);
});

test('a call that fails is made three times where that may mend it, and once where it may do harm', async () => {
  const { telemetry, samples } = testTelemetry();
  const guard = new Resilience(telemetry.meters).guard('mysql', {
    failures: handleWhen(() => false),
    repeatable: (_error, harmless) => harmless,
  });
  const calls = async (repeat: boolean, succeedAt: number) => {
    let made = 0;
    const call = async () => {
      made += 1;
      if (made < succeedAt) throw new Error('broken');
    };
    await guard(call, { repeat }).catch(() => undefined);
    return made;
  };
  expect(await calls(true, Number.POSITIVE_INFINITY)).toBe(3);
  expect(await calls(false, Number.POSITIVE_INFINITY)).toBe(1);
  expect(await calls(true, 2)).toBe(2);
  expect(await calls(true, 1)).toBe(1);
  expect(
    (await samples('resilience4j_retry_calls_total')).map((line) => line.replace(/.*kind="(\w+)".* /, '$1 ')).sort(),
  ).toEqual(['failed_with_retry 1', 'successful_with_retry 1']);
});
