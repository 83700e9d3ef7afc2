import type { Config } from './config.ts';

/** A link on the series of a panel, in which Grafana's variables may stand. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** A dashboard as a browser finds it. */
export const dashboardUrl = ({ grafanaUrl }: Pick<Config, 'grafanaUrl'>, uid: string): string =>
  `${grafanaUrl}/d/${uid}`;

/** What to do about an alert: a page of the team's own wiki, or of the dashboard that has them all. */
export const runbookUrl = ({ grafanaUrl, alerting }: Pick<Config, 'grafanaUrl' | 'alerting'>, alert: string): string =>
  alerting.runbookUrl
    ? `${alerting.runbookUrl}/${alert}`
    : `${dashboardUrl({ grafanaUrl }, runbooksUid)}?viewPanel=${runbookPanel(alert)}`;

/** The dashboard that shows what to do about an alert. */
export const runbooksUid = 'loadscope-runbooks';

/** The id of an alert's panel there: from its name, so that a link stays right when alerts come and go. */
export const runbookPanel = (alert: string): number =>
  [...alert].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) % 1_000_003, 7);

/**
 * The traces of a series' service in the time that the dashboard shows, in Zipkin's own UI: Grafana opens a trace
 * by its id and has no search. The parameters are those of zipkin-lens.
 */
export const tracesOfService = ({ zipkinUrl }: Pick<Config, 'zipkinUrl'>): Link => ({
  title: 'Traces of ${__field.labels.service} in Zipkin',
  url: `${zipkinUrl}/?serviceName=\${__field.labels.service}&lookback=range&startTs=\${__from}&endTs=\${__to}&limit=100`,
});
