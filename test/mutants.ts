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
  readonly dashboards: readonly Manifest[];
  readonly rules: Manifest;
}

/** A text of the stack, and the least of its dashboards and rules around another in its place. */
interface Site {
  readonly text: string;
  readonly with: (text: string) => Queries;
}

/**
 * Every mistake of every operator, one at a time, in the dashboards and rules of a config as they are written. A query
 * that stands on several dashboards is taken once.
 */
export function mutantsOf(config: unknown): Mutant[] {
  const queries: Queries = writtenQueries(manifestsOf(config));
  const ofStack = targets(configOf(config));
  const jobs = ofStack.map(({ name }) => name);
  const catalogue = catalogueOf(ofStack);
  const mistakesIn = ({ dashboards, rules }: Queries) => contractMistakes(ofStack, dashboards, rules);
  const found: Mutant[] = [];
  const mutate = (operator: string, says: RegExp, change: string, mutant: Queries, text?: string) => {
    const mistakes = mistakesIn(mutant);
    const rejected = mistakes.some((mistake) => says.test(mistake));
    found.push({ operator, ...(text === undefined ? {} : { text }), change, mistakes, rejected });
  };

  const whole = mistakesIn(queries);
  if (whole.length) throw new Error(`what is to be mutated has mistakes already:\n${whole.join('\n')}`);
  for (const site of once([...ofDashboards(queries, 'expr'), ...ofVariables(queries), ...ofRules(queries, 'expr')]))
    for (const [operator, { says, apply }] of Object.entries(operators))
      for (const mutant of new Set(apply(parsed(site.text, catalogue, jobs))))
        mutate(operator, says, `${site.text}  =>  ${mutant}`, site.with(mutant), mutant);
  for (const site of [...ofDashboards(queries, 'legendFormat'), ...ofRules(queries, 'annotations')])
    for (const [whole, label = ''] of site.text.matchAll(/(?:\{\{|\$labels\.)(\w+)/g))
      for (const wrong of misspelt(label)) {
        const mutant = site.text.replace(whole, whole.replace(label, wrong));
        mutate(
          'label of a legend or an alert misspelt',
          /has no label/,
          `${site.text}  =>  ${mutant}`,
          site.with(mutant),
        );
      }
  for (const dashboard of queries.dashboards)
    for (const [v, { name }] of variablesOf(dashboard).entries()) {
      const changed = (change: (list: Manifest[]) => void) => {
        const copy = structuredClone(dashboard);
        change(copy.templating.list);
        return { dashboards: [copy], rules: queries.rules };
      };
      const removed = changed((list) => list.splice(v, 1));
      mutate('variable removed', /no variable/, name, removed);
      const renamed = changed((list) => {
        list[v].name = misspelt(name)[0];
      });
      mutate('variable renamed', /nothing uses it/, name, renamed);
    }
  return found;
}

const once = (sites: readonly Site[]): Iterable<Site> =>
  new Map(sites.map((site) => [site.text, site] as const)).values();

/** A dashboard of text has none. */
const variablesOf = (dashboard: Manifest): Manifest[] => dashboard.templating?.list ?? [];

const panelsOf = (panels: readonly Manifest[] = []): Manifest[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels)]);

/** Rules take much longer to check than a query, and most read nothing that they make. */
const rulesFor = (text: string, rules: Manifest) => (/\w:[a-z]|ALERTS/.test(text) ? rules : { groups: [] });

/** The queries of panels or their legends, each alone on its dashboard. */
const ofDashboards = ({ dashboards, rules }: Queries, field: 'expr' | 'legendFormat'): Site[] =>
  dashboards.flatMap((dashboard) =>
    panelsOf(dashboard.panels).flatMap((panel) =>
      (panel.targets ?? []).map(
        (query: Manifest): Site => ({
          text: query[field],
          with: (text) => ({
            dashboards: [{ ...dashboard, panels: [{ ...panel, panels: [], targets: [{ ...query, [field]: text }] }] }],
            rules: rulesFor(query.expr, rules),
          }),
        }),
      ),
    ),
  );

/** What the choices of dashboards are filled from. */
const ofVariables = ({ dashboards, rules }: Queries): Site[] =>
  dashboards.flatMap((dashboard) =>
    variablesOf(dashboard).flatMap((variable: Manifest, v: number): Site[] => {
      const [, before, expression, after] =
        /^(label_values\()(.+)(, \w+\))$/.exec(variable.query?.query ?? '') ??
        /^(query_result\()(.+)(\))$/.exec(variable.query?.query ?? '') ??
        [];
      if (!expression) return [];
      return [
        {
          text: expression,
          with: (text) => ({
            dashboards: [
              {
                ...dashboard,
                panels: [],
                templating: {
                  list: dashboard.templating.list.with(v, {
                    ...variable,
                    query: { query: `${before}${text}${after}` },
                  }),
                },
              },
            ],
            rules: rulesFor(text, rules),
          }),
        },
      ];
    }),
  );

/** Expressions of rules, or the summaries of alerts, each alone in its file. */
/** What a rule reads of others, in their order: series that they record, and alerts by name. */
function before(rule: Manifest, groups: readonly Manifest[]): Manifest[] {
  const all = groups.flatMap(({ rules }) => rules);
  const found = new Set([rule]);
  for (const { expr } of found)
    for (const other of all)
      if (new RegExp(`(?<![\\w:])${other.record ?? other.alert}(?![\\w:])`).test(expr)) found.add(other);
  return all.filter((other) => other !== rule && found.has(other));
}

const ofRules = ({ rules: { groups } }: Queries, field: 'expr' | 'annotations'): Site[] =>
  groups.flatMap(({ name, rules }: Manifest) =>
    rules.flatMap((rule: Manifest): Site[] => {
      const text = field === 'expr' ? rule.expr : rule.annotations?.summary;
      const changed = (to: string) => (field === 'expr' ? { expr: to } : { annotations: { summary: to } });
      return text
        ? [
            {
              text,
              with: (to) => ({
                dashboards: [],
                rules: { groups: [{ name, rules: [...before(rule, groups), { ...rule, ...changed(to) }] }] },
              }),
            },
          ]
        : [];
    }),
  );
