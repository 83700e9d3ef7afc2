/** A setting of the run. A scenario without it stops before it sends anything. */
export function required(name: string): string {
  const value = __ENV[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/**
 * The budgets of the run, which come in as thresholds by metric: of what a scenario sends, since requests of its setup
 * say nothing of the service.
 */
export function budgetThresholds(scenario: string): { [metric: string]: string[] } {
  const budgets: { [metric: string]: string[] } = JSON.parse(required('THRESHOLDS'));
  const ofScenario = (metric: string) =>
    metric.endsWith('}') ? metric.replace('}', `,scenario:${scenario}}`) : `${metric}{scenario:${scenario}}`;
  return Object.fromEntries(Object.entries(budgets).map(([metric, bounds]) => [ofScenario(metric), bounds]));
}
