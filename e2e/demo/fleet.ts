import type { Changes } from '../lib/launch.ts';
import { rawSamples } from '../lib/raw-samples.ts';
import { Runs } from '../lib/runs.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What several runners measure together. */
export function fleetTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const runs = new Runs(stack);

  describe('a fleet of four', () => {
    /** Samples that k6 wrote to the logs of the runners. */
    const toLogs =
      (loadTest: string): Changes['plan'] =>
      (plan) => {
        const planned = plan.loadTests[loadTest];
        if (!planned) throw new Error(`there is no load test ${loadTest}`);
        const { template } = planned;
        const [container] = template.spec.containers;
        const args = ['run', '--out=json', ...(container.args ?? []).slice(1)];
        const changed = { ...template, spec: { ...template.spec, containers: [{ ...container, args }] as const } };
        return { ...plan, loadTests: { ...plan.loadTests, [loadTest]: { ...planned, template: changed } } };
      };

    test('agrees with the raw samples of its runners: counts exactly, p95 within 5 %', async () => {
      // Whether it passes is a matter of the machine: four runners and the shop share it.
      const { testid, reasons } = await runs.ends('demo-product-query', {
        runners: 4,
        set: { rate: '24', duration: '30s' },
        plan: toLogs('demo-product-query'),
      });
      expect(reasons).not.toMatch(/lost|left no result|no sample/);
      const raw = await rawSamples(stack.namespace, testid);
      expect(raw.runners).toBe(4);
      const ofRun = `testid="${testid}",scenario!=""`;
      const count = await prometheus.value(`sum(last_over_time(k6_http_reqs_total{${ofRun}}[10m]))`);
      const failed = await prometheus.value(
        `sum(last_over_time(k6_http_reqs_total{${ofRun},expected_response="false"}[10m])) or vector(0)`,
      );
      const p95 = await prometheus.value(
        `histogram_quantile(0.95, sum(last_over_time(k6_http_req_duration_seconds{${ofRun}}[10m])))`,
      );
      console.log(
        `fleet: ${count} requests, ${failed} failed, p95 ${p95}; merged samples: ${raw.requests}, ${raw.failed}, ${raw.p95}`,
      );
      expect(raw.requests).toBeGreaterThan(400);
      expect({ count, failed }).toEqual({ count: raw.requests, failed: raw.failed });
      expect(Math.abs(p95 / raw.p95 - 1)).toBeLessThan(0.05);
    });

    test('starts a coupon spike on all runners within 100 ms', async () => {
      const { testid, reasons } = await runs.ends('demo-coupon-spike', {
        runners: 4,
        set: { vus: '40', coupon: '3' },
        plan: toLogs('demo-coupon-spike'),
      });
      expect(reasons).not.toMatch(/lost|left no result|no sample|is not so/);
      const { starts } = await rawSamples(stack.namespace, testid);
      const spread = Math.max(...starts) - Math.min(...starts);
      console.log(`four runners sent their first request within ${spread} ms`);
      expect(starts).toHaveLength(4);
      expect(spread).toBeLessThan(100);
      const outcomes = await prometheus.query(
        `sum by (outcome) (last_over_time(k6_coupon_outcomes_total{testid="${testid}"}[10m]))`,
      );
      expect(outcomes).toMatchObject([{ metric: { outcome: 'QUEUED' }, value: [expect.any(Number), '40'] }]);
    });
  });
}
