import * as common from '@grafana/grafana-foundation-sdk/common';
import { type GridPos, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel } from '../model/panel.ts';
import { datasource } from './variables.ts';

/** How each type of panel looks; what it shows is in the panel. */
const visualization = {
  gauge: () =>
    new gauge.PanelBuilder()
      .min(0)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
  stat: () =>
    new stat.PanelBuilder()
      .colorMode(common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.Area)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
  timeseries: () =>
    new timeseries.PanelBuilder()
      .fillOpacity(10)
      .lineWidth(1)
      .showPoints(common.VisibilityMode.Auto)
      // The SDK hides legends unless told otherwise.
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Bottom)
          .calcs(['min', 'max', 'lastNotNull']),
      )
      .tooltip(
        new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
      )
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed)),
  heatmap: () =>
    new heatmap.PanelBuilder()
      // A native histogram brings its own buckets.
      .calculate(false)
      .cellGap(1)
      .color(
        new heatmap.HeatmapColorOptionsBuilder()
          .mode(heatmap.HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .steps(64)
          .fill('dark-orange')
          .exponent(0.5),
      )
      .yAxis(new heatmap.YAxisConfigBuilder().unit('s'))
      .exemplarsColor('rgba(255,0,255,0.7)')
      .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
      .showLegend()
      .tooltip(new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(true)),
};

/**
 * Draws a panel. Its place and id are given, because the SDK leaves ids out and its own layout lets
 * panels run over the edge of the grid.
 */
export function drawPanel(panel: Panel, id: number, gridPos: GridPos) {
  const builder = visualization[panel.type]()
    .id(id)
    .gridPos(gridPos)
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .datasource(datasource)
    // A least interval: it steers $__rate_interval, where a literal range in the query would not follow the zoom.
    .interval('$interval')
    .thresholds(thresholds(panel));
  for (const [index, { expr, legend }] of panel.queries.entries()) {
    const query = new prometheus.DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(datasource)
      .range();
    builder.withTarget(panel.type === 'heatmap' ? query.format(prometheus.PromQueryFormat.Heatmap) : query);
  }
  return builder;
}

const thresholds = ({ thresholds: at }: Panel) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    ...(at
      ? [
          { value: at.warning, color: 'yellow' },
          { value: at.critical, color: 'red' },
        ]
      : []),
  ]);
