import type { Expression, Variable, Variables } from './expression.ts';
import { builtIn, mentioned } from './interpolate.ts';
import { nearest } from './words.ts';

/** What the contract reads of a dashboard as Grafana gets it. */
export interface Dashboard {
  readonly title: string;
  readonly panels?: readonly Panel[];
  readonly templating?: { readonly list?: readonly DashboardVariable[] };
  readonly annotations?: { readonly list?: readonly Annotation[] };
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly Query[];
  /** The variable that it is repeated for. */
  readonly repeat?: string;
  /** Those of a row that is folded up. */
  readonly panels?: readonly Panel[];
}

interface Query {
  readonly refId: string;
  readonly expr?: string;
  readonly legendFormat?: string;
  readonly format?: string;
}

interface DashboardVariable {
  readonly name: string;
  readonly type: string;
  readonly query?: string | { readonly query?: string };
  readonly regex?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
}

interface Annotation {
  readonly name: string;
  readonly expr?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly tagKeys?: string;
}

/** A part of a dashboard, and where to say that it is. */
interface Part {
  readonly where: string;
  readonly json: unknown;
}

/** Every expression of a dashboard. */
export function expressionsOf(dashboard: Dashboard): Expression[] {
  const variables = variablesOf(dashboard);
  const ofPanels = panelsOf(dashboard.panels).flatMap((panel) =>
    (panel.targets ?? []).flatMap((query): Expression[] => {
      const { expr, legendFormat = '', format } = query;
      if (expr === undefined) return [];
      const shows = format === 'heatmap' ? 'histograms' : 'numbers';
      return [
        { where: whereIs(dashboard, panel, query), text: expr, shows, labels: labelsIn(legendFormat), variables },
      ];
    }),
  );
  const ofAnnotations = (dashboard.annotations?.list ?? []).flatMap((annotation): Expression[] => {
    const { name, expr, titleFormat = '', textFormat = '', tagKeys = '' } = annotation;
    if (expr === undefined) return [];
    const labels = [...labelsIn(titleFormat + textFormat), ...tagKeys.split(',').filter(Boolean)];
    return [{ where: `${title(dashboard)}, annotation "${name}"`, text: expr, shows: 'condition', labels, variables }];
  });
  return [...ofPanels, ...queryVariables(dashboard, variables), ...ofAnnotations];
}

/** `label_values(metric{…}, label)` asks for the label of a selector. */
const labelValues = /^label_values\((.+),\s*(\w+)\s*\)$/s;
/** `query_result(expression)` gives a line for each series, from which a regular expression takes the value. */
const queryResult = /^query_result\((.+)\)$/s;
/** The label in `/label="([^"]+)"/`. */
const takenLabel = /(\w+)="\(/;

function queryVariables(dashboard: Dashboard, variables: Variables): Expression[] {
  return variableList(dashboard).flatMap((variable): Expression[] => {
    if (variable.type !== 'query') return [];
    const query = queryOf(variable);
    const where = `${title(dashboard)}, variable "${variable.name}"`;
    const [, expression] = queryResult.exec(query) ?? [];
    if (expression !== undefined) {
      const [, taken] = takenLabel.exec(variable.regex ?? '') ?? [];
      return [{ where, text: expression, shows: 'numbers', labels: taken ? [taken] : [], variables }];
    }
    // What is not of this form is left as it is, and does not parse.
    const [, selector = query, label] = labelValues.exec(query) ?? [];
    return [{ where, text: selector, shows: 'series', labels: label ? [label] : [], variables }];
  });
}

/** Variables that a dashboard uses and has not, and those that it has and does not use. */
export function variableMistakes(dashboard: Dashboard): string[] {
  const own = [...variablesOf(dashboard).keys()];
  const uses = new Map<string, string[]>();
  for (const { where, json } of partsOf(dashboard))
    for (const name of new Set(stringsIn(json).flatMap(mentioned))) uses.set(name, [...(uses.get(name) ?? []), where]);
  const missing = [...uses].filter(([name]) => !own.includes(name) && !builtIn.includes(name));
  const unused = own.filter((name) => !uses.has(name));
  return [
    ...missing.map(([name, [first, ...more]]) => {
      const where = more.length ? `${first}, and ${more.length} more places` : first;
      return `${where}: no variable "$${name}"${nearest(name, name.startsWith('__') ? builtIn : own)}`;
    }),
    ...unused.map(
      (name) => `${title(dashboard)}, variable "${name}": nothing uses it; take it away, or let a query match it`,
    ),
  ];
}

function partsOf(dashboard: Dashboard): Part[] {
  const { panels, templating, annotations, ...rest } = dashboard;
  const ofPanels = panelsOf(panels).flatMap((panel): Part[] => {
    const { targets = [], panels: _, repeat, ...other } = panel;
    return [
      ...targets.map((query) => ({ where: whereIs(dashboard, panel, query), json: query })),
      { where: whereIs(dashboard, panel), json: [other, repeat ? `$${repeat}` : ''] },
    ];
  });
  const ofVariables = variableList(dashboard).map((variable) => {
    // A variable does not use itself, and what is chosen at the start is a value.
    const { name, current: _, options: __, ...other } = variable as DashboardVariable & Record<string, unknown>;
    return { where: `${title(dashboard)}, variable "${name}"`, json: other };
  });
  return [...ofPanels, ...ofVariables, { where: title(dashboard), json: [annotations, rest] }];
}

const title = (dashboard: Dashboard) => `dashboard "${dashboard.title}"`;

const whereIs = (dashboard: Dashboard, panel: Panel, query?: Query) =>
  `${title(dashboard)}, panel "${panel.title ?? ''}"${query ? `, query ${query.refId}` : ''}`;

const panelsOf = (panels: readonly Panel[] = []): Panel[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels)]);

const variableList = ({ templating }: Dashboard) => templating?.list ?? [];

const variablesOf = (dashboard: Dashboard): Variables =>
  new Map(
    variableList(dashboard).map(({ name, type, multi, includeAll }): [string, Variable] => [
      name,
      { interval: type === 'interval', several: Boolean(multi || includeAll) },
    ]),
  );

const queryOf = ({ query = '' }: DashboardVariable) => (typeof query === 'string' ? query : (query.query ?? ''));

const labelsIn = (legend: string) => [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label ?? '');

/** Every text but descriptions, in which a variable is spoken of and not used. */
function stringsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => (key === 'description' ? [] : stringsIn(value)));
}
