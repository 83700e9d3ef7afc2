import { fail, sleep } from 'k6';
import { required } from './env.ts';
import { ask, waitUntilReachable } from './reachable.ts';

/** What setup() hands to every iteration. */
export interface Start {
  /** When load begins, in milliseconds since 1970: the same instant for all runners. */
  readonly startAt: number;
}

/** Milliseconds: k6 ends setup() after 10 minutes, and would say less about why. */
const patience = 590_000;

/** Waits for the service, and then for the other runners, so that all of them begin together. */
export function setup(): Start {
  const deadline = Date.now() + patience;
  waitUntilReachable(required('BASE_URL'));
  const barrier = __ENV.BARRIER_URL;
  const startAt = barrier ? startOf(barrier, deadline) : Date.now();
  sleepUntil(startAt);
  return { startAt };
}

export const sleepUntil = (instant: number): void => sleep(Math.max(0, instant - Date.now()) / 1000);

function startOf(barrier: string, deadline: number): number {
  const runner = __ENV.JOB_COMPLETION_INDEX || Math.random().toString(36).slice(2);
  for (let left = patience; left > 0; left = deadline - Date.now()) {
    const { status, body } = ask(`${barrier}/start?runner=${runner}`, `${Math.min(left, 60_000)}ms`);
    const arrived = Date.now();
    if (status === 410) fail('the run was called off before all runners were there');
    if (status === 200) {
      const wait = millisecondsIn(body);
      if (wait !== undefined) return arrived + wait;
    }
    // 204: not all are there yet.
    if (status !== 204) sleep(1);
  }
  return fail(`not all runners were there in ${patience / 1000} s, or ${barrier} does not answer`);
}

function millisecondsIn(body: unknown): number | undefined {
  try {
    const { startsInMs } = JSON.parse(String(body));
    return typeof startsInMs === 'number' ? startsInMs : undefined;
  } catch {
    return undefined;
  }
}
