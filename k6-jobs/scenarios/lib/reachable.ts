import { fail, sleep } from 'k6';
import http from 'k6/http';

/** Seconds that the way to a new pod may take to open. */
const patience = 50;

/** A request of setup(). No answer is as good as any here: none counts as a failed request. */
export const ask = (url: string, timeout: string) =>
  http.get(url, {
    timeout,
    tags: { name: 'wait' },
    responseCallback: http.expectedStatuses(0, { min: 100, max: 599 }),
  });

/**
 * Waits until anything answers at a URL. A cluster's network policies reach a new pod a moment after it has
 * started; without this, the first requests of a run would fail by no fault of the service.
 */
export function waitUntilReachable(url: string): void {
  const deadline = Date.now() + patience * 1000;
  while (Date.now() < deadline) {
    if (ask(url, '10s').status > 0) return;
    sleep(1);
  }
  fail(
    `nothing answers at ${url} in ${patience} s: is the address right, and does a network policy let load tests in?`,
  );
}
