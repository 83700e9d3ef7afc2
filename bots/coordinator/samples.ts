import type { PushedSeries } from '../../clients/remote-write.ts';
import { metrics } from '../../exporters/runs.ts';
import type { VerdictDocument } from '../../verdict/report.ts';

/** What Prometheus is told of a run that is over. */
export function samplesOf(document: VerdictDocument, loadTest: string, service: string): PushedSeries[] {
  const { testid, verdict, budgets } = document;
  const time = Date.now() / 1000;
  // Prometheus knows no empty labels.
  const run = { job: 'loadscope', testid, ...(service ? { service } : {}) };
  const of = (metric: { readonly name: string }, labels: Record<string, string>, value: number): PushedSeries => ({
    labels: { __name__: metric.name, ...run, ...labels },
    value,
    time,
  });
  return [
    of(metrics.verdict, { load_test: loadTest, verdict }, 1),
    ...budgets.flatMap(({ budget, severity, job, state, value, bound }) => {
      const labels = { budget, severity, measured_by: job, state };
      return value === null ? [] : [of(metrics.value, labels, value), of(metrics.bound, labels, bound)];
    }),
  ];
}
