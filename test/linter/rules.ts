import {
  type Dashboard,
  isFor,
  type Panel,
  panelsOf,
  queryOf,
  sampled,
  type Target,
  type Template,
  templatesOf,
  uidOf,
  variablesOf,
} from './dashboard.ts';
import type { Finding } from './exceptions.ts';
import { parsed, type Selector } from './promql.ts';

/** The rules that dashboard-linter publishes, one function for each, under their names. Warnings count as mistakes. */

type Messages = string[];

const ofDashboard: Record<string, (dashboard: Dashboard) => Messages> = {
  'template-datasource-rule': (dashboard) => {
    const templates = templatesOf(dashboard, 'datasource');
    if (templates.length === 0) return ['does not have a templated data source'];
    return templates.flatMap((template) => {
      const query = queryOf(template);
      const only = templates.length === 1;
      const names = [`${query.toLowerCase()}_datasource`, ...(only ? ['datasource'] : [])];
      const labels = [`${titled(query)} data source`, ...(only ? ['Data source'] : [])];
      return [
        ...(names.includes(template.name) ? [] : [`data source variable is named "${template.name}"`]),
        ...(labels.includes(template.label ?? '') ? [] : [`data source variable is labelled "${template.label}"`]),
      ];
    });
  },
  'template-job-rule': (dashboard) => templated(dashboard, 'job'),
  'template-instance-rule': (dashboard) => templated(dashboard, 'instance'),
  'template-label-promql-rule': (dashboard) =>
    isFor(dashboard, 'prometheus')
      ? templatesOf(dashboard, 'query').flatMap((template) => {
          const [, name = '', argument = ''] = /([a-z_]+)\((.+)\)/.exec(queryOf(template)) ?? [];
          if (!['label_names', 'label_values', 'metrics', 'query_result'].includes(name))
            return [`variable "${template.name}" has no function of the data source: ${queryOf(template)}`];
          // What stands behind the first expression, such as the label, is not looked at.
          const { mistakes } = parsed(argument.replace(/,\s*\w+\s*$/, ''), variablesOf(dashboard));
          return mistakes.length ? [`variable "${template.name}": ${mistakes}`] : [];
        })
      : [],
  'template-on-time-change-reload-rule': (dashboard) =>
    templatesOf(dashboard, 'query')
      .filter(({ refresh }) => refresh !== 2)
      .map(({ name }) => `variable "${name}" is not filled anew when the time range changes`),
  'uneditable-dashboard': ({ editable }) => (editable ? ['is editable'] : []),
};

const ofPanel: Record<string, (dashboard: Dashboard, panel: Panel) => Messages> = {
  'panel-datasource-rule': (dashboard, { type, datasource }) => {
    if (!['singlestat', 'graph', 'table', 'timeseries'].includes(type)) return [];
    const uids = templatesOf(dashboard, 'datasource').flatMap(({ name }) => [`$${name}`, `\${${name}}`]);
    return uids.includes(uidOf(datasource)) ? [] : [`uses the data source "${uidOf(datasource)}"`];
  },
  'panel-title-description-rule': (_, { type, title, description }) =>
    charts.includes(type) && !(title && description) ? ['has no title or no description'] : [],
  'panel-units-rule': (_, { type, fieldConfig = {}, options }) => {
    const { defaults, overrides = [] } = fieldConfig;
    if (!charts.includes(type) || (type === 'stat' && options?.reduceOptions?.fields)) return [];
    const properties = overrides.flatMap((override) => override.properties);
    if ((properties.find(({ id, value }) => id === 'mappings' && value)?.value ?? defaults?.mappings ?? null) !== null)
      return [];
    const unit = properties.filter(({ id }) => id === 'unit').at(-1)?.value ?? defaults?.unit ?? '';
    return units.includes(String(unit)) ? [] : [`has no or an invalid unit: "${unit}"`];
  },
  'panel-no-targets-rule': (_, { type, targets }) => (charts.includes(type) && !targets ? ['has no targets'] : []),
};

const ofTarget: Record<string, (dashboard: Dashboard, panel: Panel, target: Target) => Messages> = {
  'target-logql-rule': notLoki,
  'target-logql-auto-rule': notLoki,
  'target-promql-rule': (dashboard, panel, { expr = '', panelId }) => {
    if (!isFor(dashboard, 'prometheus') || !withQueries.includes(panel.type)) return [];
    if (!expr && panelId) return dashboard.panels?.some(({ id }) => id === panelId) ? [] : ['refers to no panel'];
    return [...parsed(expr, variablesOf(dashboard)).mistakes];
  },
  'target-rate-interval-rule': (dashboard, panel, target) =>
    withQueries.includes(panel.type)
      ? ofSelectors(dashboard, target, ({ range }) =>
          range && range.duration !== sampled.__rate_interval && ['rate', 'irate', undefined].includes(range.call)
            ? `should use $__rate_interval, has ${range.duration}`
            : undefined,
        )
      : [],
  'target-job-rule': (dashboard, _, target) => ofSelectors(dashboard, target, matcherOf('job')),
  'target-instance-rule': (dashboard, _, target) => ofSelectors(dashboard, target, matcherOf('instance')),
  'target-counter-agg-rule': (dashboard, _, target) =>
    ofSelectors(
      dashboard,
      target,
      // The linter looks at the end of the printed selector, so that matchers hide a counter from it.
      ({ text, shifted, range }) =>
        text.endsWith('_total') && (shifted || !['rate', 'irate', 'increase'].includes(range?.call ?? ''))
          ? `counter ${text} is not aggregated with rate, irate or increase`
          : undefined,
    ),
};

/** Of Grafana's units that the linter takes, those that panels here have: each was looked up in its list. */
const units = 'none short percentunit bytes Bps s dtdurations dateTimeFromNow reqps ops cps mps'.split(' ');

const charts = ['stat', 'singlestat', 'graph', 'table', 'timeseries', 'gauge'];
const withQueries = ['singlestat', 'gauge', 'table', 'stat', 'state-timeline', 'timeseries'];

const titled = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

function templated(dashboard: Dashboard, name: string): Messages {
  if (!isFor(dashboard, 'prometheus')) return [];
  const template = variablesOf(dashboard).find((each) => each.name === name);
  if (!template) return [`is missing the ${name} template`];
  const wanted: readonly [keyof Template, unknown][] = [
    ['type', 'query'],
    ['label', titled(name)],
    ['multi', true],
    ['allValue', '.+'],
  ];
  return [
    ...(/^\$(\{(prometheus_)?datasource\}|(prometheus_)?datasource)$/.test(uidOf(template.datasource))
      ? []
      : [`${name}: data source`]),
    ...wanted.filter(([key, value]) => template[key] !== value).map(([key]) => `the ${key} of ${name} is another`),
  ];
}

function notLoki(dashboard: Dashboard, panel: Panel, { datasource, hide }: Target): Messages {
  const loki = isFor(dashboard, 'loki') || (typeof datasource === 'object' && datasource.type === 'loki');
  return loki && !hide && withQueries.includes(panel.type) ? ['asks Loki, whose language nothing here reads'] : [];
}

/** What is wrong with one selector of a query after the other; a query that does not parse is for another rule. */
const ofSelectors = (
  dashboard: Dashboard,
  { expr = '' }: Target,
  mistake: (selector: Selector) => string | undefined,
): Messages =>
  isFor(dashboard, 'prometheus')
    ? parsed(expr, variablesOf(dashboard)).selectors.flatMap((selector) => mistake(selector) ?? [])
    : [];

const matcherOf =
  (label: string) =>
  ({ text, matchers }: Selector) =>
    matchers.some((matcher) => matcher.label === label && matcher.operator === '=~' && matcher.value === `$${label}`)
      ? undefined
      : `${text} has no matcher ${label}=~"$${label}"`;

export const ruleNames = [ofDashboard, ofPanel, ofTarget].flatMap((rules) => Object.keys(rules));

/** Everything that the rules find, as if there were no exceptions. */
export function lint(dashboard: Dashboard): Finding[] {
  const found = (rule: string, messages: Messages, where: { panel?: string; target?: number } = {}): Finding[] =>
    messages.map((message) => ({ rule, dashboard: dashboard.title, ...where, message }));
  const panels = panelsOf(dashboard.panels);
  return [
    ...Object.entries(ofDashboard).flatMap(([rule, check]) => found(rule, check(dashboard))),
    ...Object.entries(ofPanel).flatMap(([rule, check]) =>
      panels.flatMap((panel) => found(rule, check(dashboard, panel), { panel: panel.title })),
    ),
    ...Object.entries(ofTarget).flatMap(([rule, check]) =>
      panels.flatMap((panel) =>
        (panel.targets ?? []).flatMap((query, target) =>
          found(rule, check(dashboard, panel, query), { panel: panel.title, target }),
        ),
      ),
    ),
  ];
}
