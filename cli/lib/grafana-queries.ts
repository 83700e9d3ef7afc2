import { ownValues, stepOf } from '../../clients/grafana/intervals.ts';
import { interpolate, openedValues, type Values, type VariableJson } from '../../clients/grafana/variables.ts';
import { mentioned } from '../../contract/interpolate.ts';
import { seconds } from '../../model/duration.ts';

/** The queries of a dashboard as Grafana sends them when it is opened. */

interface QueryJson {
  readonly refId: string;
  readonly expr?: string;
  /** Least step. */
  readonly interval?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
}

interface PanelJson {
  readonly title?: string;
  readonly targets?: readonly QueryJson[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
  /** Those of a row that is folded up, which are asked when it is opened. */
  readonly panels?: readonly PanelJson[];
}

/** What is read of a dashboard. */
export interface DashboardJson {
  readonly title: string;
  readonly panels?: readonly PanelJson[];
  readonly templating?: { readonly list?: readonly VariableJson[] };
  readonly annotations?: { readonly list?: readonly { readonly name: string; readonly expr?: string }[] };
}

/** What Prometheus is asked: over a range with seconds between two points, or at its end alone. */
export type ValuesQuestion =
  | { readonly type: 'range'; readonly expr: string; readonly step: number }
  | { readonly type: 'instant'; readonly expr: string };

/** The values that a label has: on the series of a selector, or on any. */
export interface LabelsQuestion {
  readonly type: 'labels';
  readonly selector?: string;
  readonly label: string;
}

export type Question = ValuesQuestion | LabelsQuestion;

export interface OpenedQuery {
  readonly kind: 'panel' | 'variable' | 'annotation';
  /** Title of the panel, or name. */
  readonly name: string;
  readonly refId?: string;
  /** As it stands in the dashboard. */
  readonly written: string;
  /** A variable that it mentions and that nothing is chosen for, so that Grafana has nothing to ask. */
  readonly unchosen?: string;
  /** Left out also for a variable that is filled in another way than from labels or an expression. */
  readonly question?: Question;
}

export interface Opening {
  /** Seconds; the data source's timeInterval. */
  readonly scrapeInterval: number;
  /** Seconds that the dashboard shows. */
  readonly range: number;
  /** What is chosen on it, by variable; for the others, what they start with. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** A third of a common screen, in pixels. */
const width = 600;

/** Grafana's step for annotations, in seconds. */
const annotationStep = 60;

export function openedQueries(dashboard: DashboardJson, opening: Opening): OpenedQuery[] {
  const { scrapeInterval, range, choices = {} } = opening;
  const variables = dashboard.templating?.list ?? [];
  const values = openedValues(variables, choices);
  const names = new Set(variables.map(({ name }) => name));

  const fill = (written: string, step: number, least: number, ask: (expr: string) => Question | undefined) => {
    const unchosen = mentioned(written).find((name) => names.has(name) && !values.has(name));
    if (unchosen) return { written, unchosen };
    return { written, question: ask(interpolate(written, new Map([...values, ...ownValues(range, step, least)]))) };
  };

  const ofPanels = panelsOf(dashboard.panels).flatMap((panel) =>
    (panel.targets ?? []).flatMap(({ refId, expr, interval, instant, range: ranged }): OpenedQuery[] => {
      if (expr === undefined) return [];
      const step = stepOf(
        range,
        panel.maxDataPoints ?? width,
        leastOf([interval, panel.interval], values) ?? scrapeInterval,
      );
      const filled = fill(expr, step, leastOf([interval], values) ?? scrapeInterval, (text) =>
        instant && !ranged ? { type: 'instant', expr: text } : { type: 'range', expr: text, step },
      );
      return [{ kind: 'panel', name: panel.title ?? '', refId, ...filled }];
    }),
  );
  const ofVariables = variables.flatMap((variable): OpenedQuery[] => {
    if (variable.type !== 'query') return [];
    const { name, query = '' } = variable;
    const text = typeof query === 'string' ? query : (query.query ?? '');
    return [{ kind: 'variable', name, ...fill(text, scrapeInterval, scrapeInterval, variableQuestion) }];
  });
  const ofAnnotations = (dashboard.annotations?.list ?? []).flatMap(({ name, expr }): OpenedQuery[] => {
    if (expr === undefined) return [];
    const step = stepOf(range, width, annotationStep);
    const filled = fill(expr, step, scrapeInterval, (text) => ({ type: 'range', expr: text, step }));
    return [{ kind: 'annotation', name, ...filled }];
  });
  return [...ofVariables, ...ofPanels, ...ofAnnotations];
}

const panelsOf = (panels: readonly PanelJson[] = []): PanelJson[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels)]);

/** Seconds of the first interval that is given. */
const leastOf = (intervals: readonly (string | undefined)[], values: Values): number | undefined =>
  seconds(interpolate(intervals.find(Boolean) ?? '', values));

/** `label_values(selector, label)`, `label_values(label)` or `query_result(expression)`; there is no question for others. */
function variableQuestion(query: string): Question | undefined {
  const [, selector, label] = /^\s*label_values\((?:(.+),)?\s*(\w+)\s*\)\s*$/s.exec(query) ?? [];
  if (label) return { type: 'labels', label, ...(selector ? { selector: selector.trim() } : {}) };
  const [, expr] = /^\s*query_result\((.+)\)\s*$/s.exec(query) ?? [];
  return expr ? { type: 'instant', expr } : undefined;
}
