import { handleAll, handleWhen } from 'cockatiel';
import { Resilience } from '../../demo/lib/resilience.ts';
import { testTelemetry } from './telemetry.ts';

const broken = () => Promise.reject(new Error('broken'));

test('a breaker opens when calls fail, refuses further ones, and says so in its metrics', async () => {
  const { telemetry, samples } = testTelemetry();
  const guard = new Resilience(telemetry.meters).guard('mysql', {
    failures: handleAll,
    repeatable: handleWhen(() => false),
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

test('a call that bears it is made three times, another once', async () => {
  const { telemetry, samples } = testTelemetry();
  const guard = new Resilience(telemetry.meters).guard('mysql', {
    failures: handleWhen(() => false),
    repeatable: handleAll,
  });
  let calls = 0;
  const call = () => {
    calls += 1;
    return broken();
  };
  await expect(guard(call, { repeat: true })).rejects.toThrow('broken');
  expect(calls).toBe(3);
  await expect(guard(call, { repeat: false })).rejects.toThrow('broken');
  expect(calls).toBe(4);
  expect(
    (await samples('resilience4j_retry_calls_total')).map((line) => line.replace(/.*kind="(\w+)".* /, '$1 ')),
  ).toEqual(['retried 2', 'failed_with_retry 1']);
});
