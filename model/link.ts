import type { Config } from './config.ts';

/** A link on the series of a panel, in which Grafana's variables may stand. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/**
 * The traces of a series' service in the time that the dashboard shows, in Zipkin's own UI: Grafana opens a trace
 * by its id and has no search. The parameters are those of zipkin-lens.
 */
export const tracesOfService = ({ zipkinUrl }: Pick<Config, 'zipkinUrl'>): Link => ({
  title: 'Traces of ${__field.labels.service} in Zipkin',
  url: `${zipkinUrl}/?serviceName=\${__field.labels.service}&lookback=range&startTs=\${__from}&endTs=\${__to}&limit=100`,
});
