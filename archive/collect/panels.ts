import { concurrently } from '../../clients/concurrently.ts';
import { ownValues } from '../../clients/grafana/intervals.ts';
import { interpolate, openedValues, type Values, type VariableJson } from '../../clients/grafana/variables.ts';
import type { Series } from '../../clients/prometheus.ts';
import { pressureOverTime, ranking } from '../../dashboards/ranking.ts';
import { groups } from '../../model/groups.ts';
import type { Panel, Query } from '../../model/panel.ts';
import type { Target } from '../../model/target.ts';
import { lookBack } from '../../verdict/ask.ts';
import type { ArchivedPanel, ArchivedQuery } from '../archive.ts';
import type { Asking } from './asking.ts';
import { atOnce } from './figures.ts';
import { slicesOf } from './histogram.ts';
import { atEnd, onAxis } from './series.ts';

/** More than anybody tells apart on a chart; of the others, those with the largest values are kept. */
const mostSeries = 50;

/** The panels that a run is looked at by, asked as Grafana does with this run chosen, no other beside it, and all else. */
export async function panelsOf(
  targets: readonly Target[],
  scrapeInterval: number,
  asking: Asking,
): Promise<ArchivedPanel[]> {
  const values = valuesOf(targets, scrapeInterval, asking);
  const found = await concurrently(atOnce, onBoards(targets), async ({ row, panel }): Promise<ArchivedPanel> => {
    const { title, description, type, unit, thresholds, stacked, boards = ['verdict'] } = panel;
    const queries: ArchivedQuery[] = [];
    for (const query of panel.queries) queries.push(...(await answerOf(panel, query, values, asking)));
    return {
      ...{ title, description, type, unit, row, boards, queries },
      ...(thresholds ? { thresholds } : {}),
      ...(stacked ? { stacked } : {}),
    };
  });
  for (const [row, panels] of groups(
    found.filter((panel) => !hasData(panel)),
    (panel) => panel.row,
  ))
    asking.gaps.push(
      `No data in the time of the run for panels of ${row}: ${panels.map(({ title }) => title).join('; ')}.`,
    );
  return found.filter(hasData);
}

/** With the row that each stands in. */
function onBoards(targets: readonly Target[]): { row: string; panel: Panel }[] {
  const ofTargets = targets.flatMap(({ title, panels = [] }) =>
    panels.filter(({ boards = [] }) => boards.length > 0).map((panel) => ({ row: panel.row ?? title, panel })),
  );
  const hasResources = targets.some(({ resources = [] }) => resources.length > 0);
  return [
    ...(hasResources ? [ranking, pressureOverTime].map((panel) => ({ row: 'Resources', panel })) : []),
    ...ofTargets,
  ];
}

function valuesOf(targets: readonly Target[], scrapeInterval: number, { run, axis }: Asking): Values {
  const variables = targets
    .flatMap(({ variables: own = [] }) => own)
    .map(({ name, single }): VariableJson => {
      const several = single === undefined;
      const chosen = { multi: several, includeAll: several, current: { value: single ?? '$__all' } };
      return { name, type: 'query', allValue: '.+', ...chosen };
    });
  return new Map([
    ...openedValues(variables, { testid: run.testid }),
    ...ownValues(lookBack(run), axis.step, scrapeInterval),
  ]);
}

/** Whether a variable is left; `$1` is a group of a regular expression. */
const mentions = (expr: string) => /\$\{?[A-Za-z_]/.test(expr);

/** Nothing of a query about a run to compare with, since there is none. */
async function answerOf(panel: Panel, query: Query, values: Values, asking: Asking): Promise<ArchivedQuery[]> {
  const expr = interpolate(query.expr, values);
  if (mentions(expr)) return [];
  const { title, type } = panel;
  const { legend, dashed, unit } = query;
  const instant = query.instant === true || type === 'table';
  const what = `Panel "${title}"`;
  const found = await (instant ? asking.whole(what, expr) : asking.range(what, expr));
  return [
    {
      ...{ legend, instant },
      ...(dashed ? { dashed } : {}),
      ...(unit ? { unit } : {}),
      series: most(instant ? atEnd(found) : onAxis(found, asking.axis), what, asking),
      ...(type === 'heatmap' ? { histograms: found.flatMap((series: Series) => slicesOf(series)) } : {}),
    },
  ];
}

function most(series: ArchivedQuery['series'], what: string, { gaps }: Asking): ArchivedQuery['series'] {
  if (series.length <= mostSeries) return series;
  gaps.push(`${what}: of its ${series.length} series, the ${mostSeries} with the largest values are kept.`);
  const peak = ({ values }: ArchivedQuery['series'][number]) =>
    values.reduce<number>(
      (highest, value) => Math.max(highest, value ?? Number.NEGATIVE_INFINITY),
      Number.NEGATIVE_INFINITY,
    );
  return [...series].sort((a, b) => peak(b) - peak(a)).slice(0, mostSeries);
}

const hasData = ({ queries }: ArchivedPanel) =>
  queries.some(({ series, histograms = [], dashed }) => !dashed && (series.length > 0 || histograms.length > 0));
