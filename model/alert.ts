/** A Prometheus alert, in Prometheus' own words. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression has to hold before it fires. */
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  /** One line with the instance; Prometheus' template language. */
  readonly summary: string;
  /** What it means and what to look at. */
  readonly description: string;
}

/**
 * A monitored system does not answer, though its exporter may.
 *
 * @param health PromQL that is 0 for an instance that does not answer
 */
export const systemDown = (system: 'Mysql' | 'Redis' | 'Kafka', health: string): Alert => ({
  alert: `${system}Down`,
  expr: `(${health}) == 0`,
  for: '1m',
  severity: 'critical',
  summary: `${system} {{ $labels.instance }} does not answer`,
  description: `The exporter of {{ $labels.instance }} cannot reach it. Results of a load test from this time on say nothing about the services; stop the run, and look at the pods of the system and at the log of its exporter.`,
});
