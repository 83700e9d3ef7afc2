import { endpointField, testidField } from './baggage.ts';
import { limitsOf } from './budget.ts';
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

type Zipkin = Pick<Config, 'zipkinUrl'>;

/**
 * A search in Zipkin's own UI, in the time that the dashboard shows: Grafana opens a trace by its id and has no search. The
 * parameters are those of zipkin-lens.
 */
const search = ({ zipkinUrl }: Zipkin, title: string, ...criteria: readonly string[]): Link => ({
  title: `${title} in Zipkin`,
  url: `${zipkinUrl}/?${criteria.join('&')}&lookback=range&startTs=\${__from}&endTs=\${__to}&limit=100`,
});

const ofService = 'serviceName=${__field.labels.service}';

/** The traces of a series' service. */
export const tracesOfService = (config: Zipkin): Link =>
  search(config, 'Traces of ${__field.labels.service}', ofService);

/** Those of its requests that took longer than its budget allows, where there is one. */
export const slowTracesOfService = (config: Zipkin & Pick<Config, 'budgets'>): Link[] => {
  const seconds = limitsOf(config.budgets, 'p95')?.critical;
  if (seconds === undefined) return [];
  const bound = `${Math.round(seconds * 1000)}ms`;
  return [search(config, `Traces of \${__field.labels.service} above ${bound}`, ofService, `minDuration=${bound}`)];
};

/** Those of its requests that it answered by an error of its own, as Spring Boot tags them. */
export const failedTracesOfService = (config: Zipkin): Link =>
  search(config, 'Failed requests of ${__field.labels.service}', ofService, 'annotationQuery=outcome=SERVER_ERROR');

/** Those of a series that k6 pushed, where the service tags its spans with what k6 calls the request. */
export const tracesOfEndpoint = (config: Zipkin): Link =>
  search(
    config,
    'Traces of ${__field.labels.name}, by its tag,',
    ofService,
    `annotationQuery=${endpointField}=\${__field.labels.name}`,
  );

/** Those of a line of a table, by the service and the route that it is about: Spring Boot tags spans with the route. */
export const tracesOfRoute = (config: Zipkin): Link =>
  search(
    config,
    'Traces of ${__data.fields.uri}',
    'serviceName=${__data.fields.service}',
    'annotationQuery=uri=${__data.fields.uri}',
  );

/** Those of a line of a table that is about a run, of all services that tag their spans with it. */
export const tracesOfRun = (config: Zipkin): Link =>
  search(config, 'Traces of ${__data.fields.testid}', `annotationQuery=${testidField}=\${__data.fields.testid}`);
