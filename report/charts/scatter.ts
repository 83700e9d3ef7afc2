import type { EChartsOption } from 'echarts';
import { type Described, draw, type Size } from './draw.ts';
import { frame } from './frame.ts';
import { colour, lineLook } from './palette.ts';

type Points = readonly (readonly [number, number])[];

export interface Scatter extends Described {
  readonly x: string;
  readonly y: string;
  readonly measured: { readonly name: string; readonly points: Points };
  readonly curve: { readonly name: string; readonly points: Points };
  /** An x that is drawn as a line. */
  readonly mark?: { readonly name: string; readonly x: number };
}

/** What was measured as points, and the curve through them. */
export function scatter({ x, y, measured, curve, mark, ...about }: Scatter, size: Size): string {
  const [dots, line, bound] = [lineLook(0), lineLook(1), { color: colour('bound'), dash: [6, 3] }];
  const surround = frame({
    size,
    x: { name: x, min: 0 },
    y: { name: y, min: 0 },
    legend: [
      { name: measured.name, color: dots.color, dash: [2, 6] },
      { name: curve.name, color: line.color, dash: line.dash },
      ...(mark ? [{ name: mark.name, ...bound }] : []),
    ],
  });
  const series = [
    {
      type: 'scatter',
      silent: true,
      symbolSize: 5,
      itemStyle: { color: dots.color, opacity: 0.7 },
      data: measured.points.map((point) => [...point]),
      ...(mark
        ? {
            markLine: {
              ...{ silent: true, symbol: 'none', label: { show: false } },
              lineStyle: { color: bound.color, type: bound.dash, width: 1.5 },
              data: [{ xAxis: mark.x }],
            },
          }
        : {}),
    },
    {
      type: 'line',
      silent: true,
      showSymbol: false,
      lineStyle: { color: line.color, width: 2, type: line.dash },
      data: curve.points.map((point) => [...point]),
    },
  ];
  return draw({ ...surround.option, series: series as EChartsOption['series'] }, about, surround.size);
}
