import { addSeries, type Catalogue } from './catalogue.ts';
import { check } from './check.ts';
import type { Expression } from './expression.ts';
import { mentioned } from './interpolate.ts';
import { unknown } from './vector.ts';

/** What the contract reads of Prometheus' rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Every rule of a file with its expression, from first to last. */
export const rulesOf = ({ groups }: RuleFile): { rule: Rule; expression: Expression }[] =>
  groups.flatMap(({ name, rules }) =>
    rules.map((rule) => {
      const { alert, record, expr, labels, annotations } = rule;
      const expression: Expression = {
        where: `rule group "${name}", ${alert ? `alert "${alert}"` : `record "${record}"`}`,
        text: expr,
        shows: record ? 'recorded' : 'condition',
        labels: labelsIn(Object.values({ ...labels, ...annotations }).join()),
        variables: new Map(),
      };
      return { rule, expression };
    }),
  );

/**
 * Checks rules from first to last, and adds what they make to the catalogue: a rule reads what is recorded
 * above it, which is then of the same evaluation.
 */
export const ruleMistakes = (file: RuleFile, catalogue: Catalogue): string[] =>
  rulesOf(file).flatMap(({ rule: { record, labels = {} }, expression }) => {
    const { where, text } = expression;
    const { mistakes, result } = check(expression, catalogue);
    const vector = result ?? unknown;
    const made = vector.labels && new Set([...vector.labels, ...Object.keys(labels)]);
    if (record) addSeries(catalogue, record, { ...vector, labels: made });
    else addSeries(catalogue, 'ALERTS', { labels: made?.add('alertname').add('alertstate'), sample: 'number' });
    return [
      ...mistakes,
      ...mentioned(text).map(
        (variable) => `${where}: "$${variable}" is a variable of a dashboard, and a rule has none. Query: ${text}`,
      ),
    ];
  });

/** Labels that Prometheus' templates read. */
const labelsIn = (template: string) => [...template.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label ?? '');
