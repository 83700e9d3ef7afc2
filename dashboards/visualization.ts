import * as common from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** How each type of panel looks; what it shows is in the panel. */
export const visualization = {
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
  'status-history': () =>
    new statushistory.PanelBuilder()
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .showValue(common.VisibilityMode.Never)
      .rowHeight(0.9),
  table: () => new table.PanelBuilder().cellHeight(common.TableCellHeight.Sm),
};
