import type { Expression } from './expression.ts';

/** What the contract reads of a verdict's question about a run. */
export interface Question {
  readonly budget: string;
  readonly job: string;
  readonly expr: string;
}

/** What the contract reads of a reason for which a run is invalid. */
export interface Doubt {
  readonly reason: string;
  readonly expr: string;
}

/** What the contract reads of what an archive keeps of a run. */
export interface ArchiveQuery {
  readonly what: string;
  readonly expr: string;
  readonly shows: Expression['shows'];
}

const single = { interval: false, several: false };
/** The run that is asked about; how long it was goes by the names that Grafana has for it. */
const ofRun = new Map([
  ['testid', single],
  ['service', single],
]);

export const expressionOf = ({ budget, job, expr }: Question): Expression => ({
  where: `verdict on "${budget}" by ${job}`,
  text: expr,
  shows: 'numbers',
  labels: [],
  variables: ofRun,
});

/** It answers only where there is a reason to doubt, and says which by labels of the answer. */
export const expressionOfDoubt = ({ reason, expr }: Doubt): Expression => ({
  where: `doubt "${reason}"`,
  text: expr,
  shows: 'condition',
  labels: [...reason.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, label = '']) => (label === 'value' ? [] : label)),
  variables: ofRun,
});

/** Of one endpoint, and in a slice of the run, where it says so. */
const ofArchive = new Map([
  ...ofRun,
  ['endpoint', single],
  ['method', single],
  ['slice', { interval: true, several: false }],
]);

export const expressionOfArchive = ({ what, expr, shows }: ArchiveQuery): Expression => ({
  where: `archive, ${what}`,
  text: expr,
  shows,
  labels: [],
  variables: ofArchive,
});
