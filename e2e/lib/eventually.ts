import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries until it does not throw.
 *
 * @param seconds after which the last error is thrown, with how long was waited
 */
export async function eventually<T>(seconds: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) {
        (error as Error).message += `\n(still so after ${seconds} s)`;
        throw error;
      }
      await sleep(1000);
    }
  }
}
