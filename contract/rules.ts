import { addSeries, type Catalogue } from './catalogue.ts';
import { check } from './check.ts';
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

/**
 * Checks rules from first to last, and adds what they make to the catalogue: a rule reads what is recorded
 * above it, which is then of the same evaluation.
 */
export function ruleMistakes({ groups }: RuleFile, catalogue: Catalogue): string[] {
  return groups.flatMap(({ name, rules }) =>
    rules.flatMap((rule) => {
      const { alert, record, expr, labels = {}, annotations = {} } = rule;
      const where = `rule group "${name}", ${alert ? `alert "${alert}"` : `record "${record}"`}`;
      const { mistakes, result } = check(
        {
          where,
          text: expr,
          shows: record ? 'recorded' : 'numbers',
          labels: labelsIn(Object.values({ ...labels, ...annotations }).join()),
          variables: new Map(),
        },
        catalogue,
      );
      const vector = result ?? unknown;
      const made = vector.labels && new Set([...vector.labels, ...Object.keys(labels)]);
      if (record) addSeries(catalogue, record, { ...vector, labels: made });
      else addSeries(catalogue, 'ALERTS', { labels: made?.add('alertname').add('alertstate'), sample: 'number' });
      return [
        ...mistakes,
        ...mentioned(expr).map(
          (variable) => `${where}: "$${variable}" is a variable of a dashboard, and a rule has none. Query: ${expr}`,
        ),
      ];
    }),
  );
}

/** Labels that Prometheus' templates read. */
const labelsIn = (template: string) => [...template.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label ?? '');
