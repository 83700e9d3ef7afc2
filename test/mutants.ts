import { catalogueOf } from '../contract/catalogue.ts';
import { contractMistakes } from '../contract/index.ts';
import { targets } from '../exporters/index.ts';
import { writtenQueries } from '../synth/written-queries.ts';
import { misspelt, operators, parsed } from './mutation-operators.ts';
import { configOf, type Manifest, manifestsOf } from './stack-fixture.ts';

/** A stack's queries with one mistake put in. */
export interface Mutant {
  readonly operator: string;
  /** The query with its mistake; left out where the mistake is elsewhere. */
  readonly text?: string;
  /** What became of what, for who reads about a survivor. */
  readonly change: string;
  /** What the contract says of it, and whether that is what is wrong with it. */
  readonly mistakes: readonly string[];
  readonly rejected: boolean;
}

interface Queries {
  readonly dashboards: Manifest[];
  readonly rules: Manifest;
}

/** A text of the stack, and how to put another in its place. */
interface Site {
  readonly text: string;
  readonly set: (queries: Queries, text: string) => void;
}

/** Every mistake of every operator, one at a time, in the dashboards and rules of a config as they are written. */
export function mutantsOf(config: unknown): Mutant[] {
  const queries: Queries = writtenQueries(manifestsOf(config));
  const ofStack = targets(configOf(config));
  const jobs = ofStack.map(({ name }) => name);
  const catalogue = catalogueOf(ofStack);
  const found: Mutant[] = [];
  const mutate = (operator: string, says: RegExp, change: string, put: (copy: Queries) => void, text?: string) => {
    const copy = structuredClone(queries);
    put(copy);
    const mistakes = contractMistakes(ofStack, copy.dashboards, copy.rules);
    found.push({
      operator,
      ...(text === undefined ? {} : { text }),
      change,
      mistakes,
      rejected: mistakes.some((mistake) => says.test(mistake)),
    });
  };

  for (const { text, set } of expressions(queries))
    for (const [operator, { says, apply }] of Object.entries(operators))
      for (const mutant of new Set(apply(parsed(text, catalogue, jobs))))
        mutate(operator, says, `${text}  =>  ${mutant}`, (copy) => set(copy, mutant), mutant);
  for (const { text, set } of templates(queries))
    for (const [whole, label = ''] of text.matchAll(/(?:\{\{|\$labels\.)(\w+)/g))
      for (const wrong of misspelt(label)) {
        const mutant = text.replace(whole, whole.replace(label, wrong));
        mutate('label of a legend or an alert misspelt', /has no label/, `${text}  =>  ${mutant}`, (copy) =>
          set(copy, mutant),
        );
      }
  for (const [d, { templating }] of queries.dashboards.entries())
    for (const [v, { name }] of templating.list.entries()) {
      mutate('variable removed', /no variable/, name, (copy) => copy.dashboards[d].templating.list.splice(v, 1));
      mutate('variable renamed', /nothing uses it/, name, (copy) => {
        copy.dashboards[d].templating.list[v].name = misspelt(name)[0];
      });
    }
  return found;
}

function expressions({ dashboards, rules }: Queries): Site[] {
  return [
    ...dashboards.flatMap(({ panels, templating }, d) => [
      ...panels.flatMap(({ targets: ofPanel }: Manifest, p: number) =>
        ofPanel.map(({ expr }: Manifest, q: number) => ({
          text: expr,
          set: (copy: Queries, text: string) => {
            copy.dashboards[d].panels[p].targets[q].expr = text;
          },
        })),
      ),
      ...templating.list.flatMap(({ query }: Manifest, v: number) => {
        const [, selector, rest] = /^label_values\((.+)(, \w+\))$/.exec(query?.query ?? '') ?? [];
        return selector
          ? [
              {
                text: selector,
                set: (copy: Queries, text: string) => {
                  copy.dashboards[d].templating.list[v].query.query = `label_values(${text}${rest}`;
                },
              },
            ]
          : [];
      }),
    ]),
    ...ofRules(rules, ({ expr }) => expr, 'expr'),
  ];
}

/** Legends, and texts of alerts. */
const templates = ({ dashboards, rules }: Queries): Site[] => [
  ...dashboards.flatMap(({ panels }, d) =>
    panels.flatMap(({ targets: ofPanel }: Manifest, p: number) =>
      ofPanel.map(({ legendFormat }: Manifest, q: number) => ({
        text: legendFormat,
        set: (copy: Queries, text: string) => {
          copy.dashboards[d].panels[p].targets[q].legendFormat = text;
        },
      })),
    ),
  ),
  ...ofRules(rules, ({ annotations }) => annotations.summary, 'annotations', 'summary'),
];

const ofRules = (rules: Manifest, textOf: (rule: Manifest) => string, ...path: string[]): Site[] =>
  rules.groups.flatMap(({ rules: ofGroup }: Manifest, g: number) =>
    ofGroup.map((rule: Manifest, r: number) => ({
      text: textOf(rule),
      set: (copy: Queries, text: string) => {
        const last = path.at(-1) ?? '';
        const parent = path.slice(0, -1).reduce((at, key) => at[key], copy.rules.groups[g].rules[r]);
        parent[last] = text;
      },
    })),
  );
