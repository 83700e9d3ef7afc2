import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  type DynamicConfigValue,
  type GridPos,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, Unit } from '../model/panel.ts';
import { datasource } from './variables.ts';
import { visualization } from './visualization.ts';

/** Digits behind the point, where Grafana's own choice flickers between two and four. */
const decimals: Partial<Record<Unit, number>> = { percentunit: 1, none: 2, reqps: 1, ops: 1, cps: 1, mps: 1 };

/** Draws a panel. Its place and id are given, because the SDK leaves ids out. */
export function drawPanel(panel: Panel, id: number, gridPos: GridPos) {
  const { type, unit, links = [] } = panel;
  const builder = visualization[type]()
    .id(id)
    .gridPos(gridPos)
    .title(panel.title)
    .description(panel.description)
    .unit(unit)
    .datasource(datasource)
    // A least interval: it steers $__rate_interval, where a literal range in the query would not follow the zoom.
    .interval('$interval')
    .thresholds(thresholds(panel));
  const digits = decimals[unit];
  if (digits !== undefined) builder.decimals(digits);
  if (links.length)
    builder.dataLinks(links.map(({ title, url }) => new DashboardLinkBuilder(title).url(url).targetBlank(true)));
  if (panel.names && builder instanceof stat.PanelBuilder) builder.textMode(common.BigValueTextMode.Name);
  if (panel.stacked && builder instanceof timeseries.PanelBuilder)
    builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal)).fillOpacity(40);

  for (const [index, { expr, legend, instant }] of panel.queries.entries()) {
    const query = new prometheus.DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(refId(index))
      .datasource(datasource);
    if (instant || type === 'table') query.instant();
    else query.range();
    if (type === 'table') query.format(prometheus.PromQueryFormat.Table);
    if (type === 'heatmap') query.format(prometheus.PromQueryFormat.Heatmap);
    builder.withTarget(query);
  }
  if (type === 'table') asTable(panel, builder);
  else
    for (const [index, { dashed }] of panel.queries.entries()) if (dashed) builder.overrideByQuery(refId(index), bound);
  return builder;
}

/** Bounds and earlier runs look other than what is measured, in light and dark. */
const bound: DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
  { id: 'custom.fillOpacity', value: 0 },
];

type Drawn = ReturnType<(typeof visualization)[keyof typeof visualization]>;

/** One line for each set of labels, one column for each query, in the order of the first. */
function asTable({ queries }: Panel, builder: Drawn): void {
  const column = (index: number) => (queries.length > 1 ? `Value #${refId(index)}` : 'Value');
  builder.withTransformation({ id: 'merge', options: {} }).withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      renameByName: Object.fromEntries(queries.map(({ legend }, index) => [column(index), legend])),
    },
  });
  builder.withTransformation({
    id: 'sortBy',
    options: { fields: {}, sort: [{ field: queries[0]?.legend, desc: true }] },
  });
  for (const { legend, unit } of queries)
    builder.overrideByName(legend, [
      ...(unit ? [{ id: 'unit', value: unit }] : [{ id: 'custom.cellOptions', value: { type: 'color-text' } }]),
    ]);
}

const refId = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

/** From green over yellow to red upwards, or downwards where less is worse. */
function thresholds({ thresholds: limits = {} }: Panel) {
  const { warning, critical, below = warning !== undefined && critical !== undefined && critical < warning } = limits;
  const steps = [
    { value: warning, color: 'yellow' },
    { value: critical, color: 'red' },
  ].flatMap(({ value, color }) => (value === undefined ? [] : { value, color }));
  // Each color holds from its value upwards: where less is worse, from the worse one's value on it is better.
  const ascending = below
    ? [
        { value: null, color: steps.at(-1)?.color ?? 'green' },
        ...steps.map(({ value }, index) => ({ value, color: steps[index - 1]?.color ?? 'green' })).reverse(),
      ]
    : [{ value: null, color: 'green' }, ...steps.filter(({ value }, index) => value !== steps[index + 1]?.value)];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(ascending);
}
