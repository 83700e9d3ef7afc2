import type { Expression } from './expression.ts';

/** What the contract reads of a verdict's question about a run. */
export interface Question {
  readonly budget: string;
  readonly job: string;
  readonly expr: string;
}

/** The run that is asked about; how long it was goes by the names that Grafana has for it. */
const variables = new Map([['testid', { interval: false, several: false }]]);

export const expressionOf = ({ budget, job, expr }: Question): Expression => ({
  where: `verdict on "${budget}" by ${job}`,
  text: expr,
  shows: 'numbers',
  labels: [],
  variables,
});
