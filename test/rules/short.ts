import type { AlertCase, Labels } from './case.ts';

/** Cases of one alert in short: what is simulated, its series, and what the alert fires for. */
export const casesOf =
  (alert: string, severity: string) =>
  (when: string, series: AlertCase['series'], ...fires: Labels[]): AlertCase => ({
    alert,
    when,
    series,
    fires: fires.map((labels) => ({ ...labels, severity })),
  });
