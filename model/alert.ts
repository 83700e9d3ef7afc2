/** A Prometheus alert, in Prometheus' own words. */
export interface Alert {
  /** Name, which is also that of its runbook in docs/runbooks. */
  readonly alert: string;
  readonly expr: string;
  /** How long the expression has to hold before it fires. A stage of a load test lasts minutes: short, therefore. */
  readonly for: string;
  /** `critical`: stop the load, or wake somebody. `warning`: look now. `info`: for the record. */
  readonly severity: 'info' | 'warning' | 'critical';
  /** One line that says of what; Prometheus' template language. */
  readonly summary: string;
  /** What it means, with the value, and what to look at first. */
  readonly description: string;
}

/**
 * A monitored system does not answer, though its exporter may.
 *
 * @param health PromQL that is 0 for an instance that does not answer
 */
export const systemDown = (system: 'Mysql' | 'Redis' | 'Kafka' | 'Elasticsearch', health: string): Alert => ({
  alert: `${system}Down`,
  expr: `(${health}) == 0`,
  for: '1m',
  severity: 'critical',
  summary: `${system} {{ $labels.instance }} does not answer`,
  description: `The exporter of {{ $labels.instance }} cannot reach it. Results of a load test from this time on say nothing about the services; stop the run, and look at the pods of the system and at the log of its exporter.`,
});
