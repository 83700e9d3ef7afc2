import { catalogueOf } from '../contract/catalogue.ts';
import { contractMistakes } from '../contract/index.ts';
import { targets } from '../exporters/index.ts';
import { writtenQueries } from '../synth/written-queries.ts';
import { configOf } from './config-fixture.ts';
import { misspelt, operators, parsed } from './mutation-operators.ts';
import { type Manifest, manifestsOf } from './stack-fixture.ts';

/** A stack's queries with one mistake put in. */
interface Mutation {
  readonly operator: string;
  /** What has to be said of it. */
  readonly says: RegExp;
  /** The query with its mistake; left out where the mistake is elsewhere. */
  readonly text?: string;
  /** What became of what, for who reads about a survivor. */
  readonly change: string;
  readonly queries: Queries;
}

export interface Mutant extends Pick<Mutation, 'operator' | 'change'> {
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

/** What the contract says of each mistake in the dashboards and rules of a config. */
export function mutantsOf(config: unknown): Mutant[] {
  const ofStack = targets(configOf(config));
  const mistakesIn = ({ dashboards, rules }: Queries) => contractMistakes(ofStack, dashboards, rules);
  const whole = mistakesIn(writtenQueries(manifestsOf(config)));
  if (whole.length) throw new Error(`what is to be mutated has mistakes already:\n${whole.join('\n')}`);
  return Array.from(mutationsOf(config), ({ operator, says, change, queries }) => {
    const mistakes = mistakesIn(queries);
    return { operator, change, mistakes, rejected: mistakes.some((mistake) => says.test(mistake)) };
  });
}

/**
 * Every mistake of every operator, one at a time, in the dashboards and rules of a config as they are written. A query
 * that stands on several dashboards is taken once.
 */
export function* mutationsOf(config: unknown): Iterable<Mutation> {
  const queries: Queries = writtenQueries(manifestsOf(config));
  const ofStack = targets(configOf(config));
  const jobs = ofStack.map(({ name }) => name);
  const catalogue = catalogueOf(ofStack);
  for (const site of once([...ofDashboards(queries, 'expr'), ...ofVariables(queries), ...ofRules(queries, 'expr')]))
    for (const [operator, { says, apply }] of Object.entries(operators))
      for (const text of new Set(apply(parsed(site.text, catalogue, jobs))))
        yield { operator, says, text, change: `${site.text}  =>  ${text}`, queries: site.with(text) };
  for (const site of [...ofDashboards(queries, 'legendFormat'), ...ofRules(queries, 'annotations')])
    for (const [whole, label = ''] of site.text.matchAll(/(?:\{\{|\$labels\.)(\w+)/g))
      for (const wrong of misspelt(label)) {
        const mutant = site.text.replace(whole, whole.replace(label, wrong));
        yield {
          operator: 'label of a legend or an alert misspelt',
          says: /has no label/,
          change: `${site.text}  =>  ${mutant}`,
          queries: site.with(mutant),
        };
      }
  for (const dashboard of queries.dashboards)
    for (const [v, { name }] of variablesOf(dashboard).entries()) {
      const changed = (change: (list: Manifest[]) => void) => {
        const copy = structuredClone(dashboard);
        change(copy.templating.list);
        // Who uses a variable does not depend on rules, which take longer to check than all of a dashboard.
        return { dashboards: [copy], rules: { groups: [] } };
      };
      const removed = changed((list) => list.splice(v, 1));
      yield { operator: 'variable removed', says: /no variable/, change: name, queries: removed };
      const renamed = changed((list) => {
        list[v].name = misspelt(name)[0];
      });
      yield { operator: 'variable renamed', says: /nothing uses it/, change: name, queries: renamed };
    }
}

const once = (sites: readonly Site[]): Iterable<Site> =>
  new Map(sites.map((site) => [site.text, site] as const)).values();

/** A dashboard of text has none. */
const variablesOf = (dashboard: Manifest): Manifest[] => dashboard.templating?.list ?? [];

const panelsOf = (panels: readonly Manifest[] = []): Manifest[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels)]);

/** The queries of panels or their legends, each alone on its dashboard. */
const ofDashboards = ({ dashboards, rules }: Queries, field: 'expr' | 'legendFormat'): Site[] =>
  dashboards.flatMap(({ annotations, ...dashboard }) =>
    panelsOf(dashboard.panels).flatMap((panel) =>
      (panel.targets ?? []).map((query: Manifest): Site => {
        const read = { groups: [{ name: 'read', rules: readBy(query, rules.groups) }] };
        return {
          text: query[field],
          with: (text) => ({
            dashboards: [{ ...dashboard, panels: [{ ...panel, panels: [], targets: [{ ...query, [field]: text }] }] }],
            rules: read,
          }),
        };
      }),
    ),
  );

/** What the choices of dashboards are filled from. */
const ofVariables = ({ dashboards, rules }: Queries): Site[] =>
  dashboards.flatMap(({ annotations, ...dashboard }) =>
    variablesOf(dashboard).flatMap((variable: Manifest, v: number): Site[] => {
      const [, before, expression, after] =
        /^(label_values\()(.+)(, \w+\))$/.exec(variable.query?.query ?? '') ??
        /^(query_result\()(.+)(\))$/.exec(variable.query?.query ?? '') ??
        [];
      if (!expression) return [];
      const read = { groups: [{ name: 'read', rules: readBy({ expr: expression }, rules.groups) }] };
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
            rules: read,
          }),
        },
      ];
    }),
  );

/** What a query reads of rules, in their order: series that they record, and alerts, by name or all of them. */
function readBy(query: Manifest, groups: readonly Manifest[]): Manifest[] {
  const all = groups.flatMap(({ rules }) => rules);
  const found = new Set([query]);
  for (const { expr } of found)
    for (const other of all)
      if (namedIn(expr, other.record ?? other.alert) || (other.alert && /ALERTS\{(?!.*alertname)/.test(expr)))
        found.add(other);
  return all.filter((other) => other !== query && found.has(other));
}

const namedIn = (expr: string, name: string) => new RegExp(`(?<![\\w:])${name}(?![\\w:])`).test(expr);

/** Expressions of rules, or the summaries of alerts, each alone in its file but for what it reads. */
const ofRules = ({ rules: { groups } }: Queries, field: 'expr' | 'annotations'): Site[] =>
  groups.flatMap(({ name, rules }: Manifest) =>
    rules.flatMap((rule: Manifest): Site[] => {
      const text = field === 'expr' ? rule.expr : rule.annotations?.summary;
      if (!text) return [];
      const changed = (to: string) => (field === 'expr' ? { expr: to } : { annotations: { summary: to } });
      const read = readBy(rule, groups);
      return [
        {
          text,
          with: (to) => ({
            dashboards: [],
            rules: { groups: [{ name, rules: [...read, { ...rule, ...changed(to) }] }] },
          }),
        },
      ];
    }),
  );
