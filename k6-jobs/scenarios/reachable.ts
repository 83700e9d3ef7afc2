import { fail, sleep } from 'k6';
import http from 'k6/http';

/** Seconds that the way to a new pod may take to open: less than the minute that k6 gives to setup(). */
const patience = 50;

/**
 * Waits until anything answers at a URL. A cluster's network policies reach a new pod a moment after it has
 * started; without this, the first requests of a run would fail by no fault of the service.
 */
export function waitUntilReachable(url: string): void {
  const deadline = Date.now() + patience * 1000;
  while (Date.now() < deadline) {
    // No answer is expected here, and so is any: neither counts as a failed request.
    const { status } = http.get(url, {
      tags: { name: 'wait' },
      responseCallback: http.expectedStatuses(0, { min: 100, max: 599 }),
    });
    if (status > 0) return;
    sleep(1);
  }
  fail(
    `nothing answers at ${url} in ${patience} s: is the address right, and does a network policy let load tests in?`,
  );
}
