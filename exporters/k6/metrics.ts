import { counter, gauge, sparse } from '../../model/metric.ts';
import { request, run } from './run.ts';

/** What k6 pushes beside the latency of requests. */
export const metrics = {
  requests: counter('k6_http_reqs_total', request, 'Requests.'),
  vus: gauge('k6_vus', run, 'Virtual users at work.'),
  vusMax: gauge('k6_vus_max', run, 'Virtual users that were made.'),
  iterations: counter(
    'k6_iterations_total',
    [...run, 'scenario'],
    'Times that a virtual user did what a scenario says.',
  ),
  dropped: sparse(
    counter('k6_dropped_iterations_total', [...run, 'scenario'], 'Iterations that were due and had no virtual user.'),
  ),
  checks: gauge('k6_checks_rate', [...run, 'scenario', 'check'], 'Share of a check that held, since the start.'),
};
