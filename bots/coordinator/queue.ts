import { setTimeout as sleep } from 'node:timers/promises';
import type { Prometheus } from '../../clients/prometheus.ts';
import type { CheckResult } from '../../verdict/checks.ts';

/** Seconds that consumers get for what a run has left in queues. */
const patience = 180;
/** Seconds that the way to Prometheus may take to open. */
const wayPatience = 50;
/** Messages more than before that are still as before: others write, too. */
const slack = 10;

/** How many messages wait in queues: a number, undefined where there is no queue yet, or why it cannot be told. */
export type Backlog = { readonly messages?: number } | { readonly unknown: string };

/** What waits before a load, which a pod may have to ask for some time: network policies reach a new one a moment late. */
export async function backlogBefore(query: string, prometheus: Prometheus): Promise<Backlog> {
  const deadline = Date.now() + wayPatience * 1000;
  for (;;) {
    const backlog = await backlogOf(query, prometheus);
    if (!('unknown' in backlog) || Date.now() > deadline) return backlog;
    await sleep(1000);
  }
}

async function backlogOf(query: string, prometheus: Prometheus): Promise<Backlog> {
  try {
    const { result } = await prometheus.instant(query, Date.now() / 1000);
    const messages = Number(result[0]?.value?.[1]);
    return Number.isFinite(messages) ? { messages } : {};
  } catch (error) {
    return { unknown: (error as Error).message };
  }
}

/**
 * Waits until queues are as short as they were before the load.
 *
 * @param check throws where the run is to end
 */
export async function drained(
  query: string,
  before: Backlog,
  prometheus: Prometheus,
  check: () => Promise<void>,
): Promise<CheckResult> {
  const name = 'queues are as short as before';
  if ('unknown' in before) return { name, state: 'unknown', text: `before the load: ${before.unknown}` };
  const { messages: least = 0 } = before;
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    const now = await backlogOf(query, prometheus);
    if (!('unknown' in now)) {
      const { messages = 0 } = now;
      if (messages <= least + slack) return { name, state: 'held', text: `${messages} messages wait` };
      if (Date.now() > deadline)
        return {
          name,
          state: 'broken',
          text: `${messages} messages wait after ${patience} s, and ${least} did before`,
        };
    } else if (Date.now() > deadline) return { name, state: 'unknown', text: now.unknown };
    await check();
    await sleep(3000);
  }
}
