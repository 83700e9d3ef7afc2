import type { Config } from '../../model/config.ts';
import { counter, gauge, type Metric, sparse } from '../../model/metric.ts';
import { request, run } from './run.ts';

/** Of what the virtual users of one scenario do. */
const scenario = [...run, 'scenario'] as const;

/** What k6 pushes beside the latency of requests. */
export const metrics = {
  requests: counter('k6_http_reqs_total', request, 'Requests.'),
  vus: gauge('k6_vus', run, 'Virtual users at work.'),
  vusMax: gauge('k6_vus_max', run, 'Virtual users that were made.'),
  iterations: counter('k6_iterations_total', scenario, 'Times that a virtual user did what a scenario says.'),
  dropped: sparse(
    counter('k6_dropped_iterations_total', scenario, 'Iterations that were due and had no virtual user.'),
  ),
  checks: gauge('k6_checks_rate', [...scenario, 'check'], 'Share of a check that held, since the start.'),
};

/** What the scenarios count themselves, each where a load test has one of those that do. */
export const counted = {
  coupons: sparse(
    counter('k6_coupon_outcomes_total', [...scenario, 'outcome'], 'Requests for a coupon, by how they ended.'),
  ),
  acknowledged: sparse(counter('k6_orders_acknowledged_total', scenario, 'Orders that the service says it has.')),
  refused: sparse(counter('k6_orders_refused_total', [...scenario, 'reason'], 'Orders that it did not take.')),
};

type ScenarioName = Config['loadTests'][number]['scenario'];

const countedBy: Readonly<Record<keyof typeof counted, readonly ScenarioName[]>> = {
  coupons: ['coupon-spike'],
  acknowledged: ['shopping-journey', 'order-creation', 'database-heavy'],
  refused: ['shopping-journey', 'order-creation', 'database-heavy'],
};

/** The counters of scenarios that some load test has. */
export const countedIn = ({ loadTests }: Pick<Config, 'loadTests'>): Partial<Record<keyof typeof counted, Metric>> =>
  Object.fromEntries(
    Object.entries(counted).filter(([name]) =>
      loadTests.some((test) => countedBy[name as keyof typeof counted].includes(test.scenario)),
    ),
  );
