import type { Config } from '../../model/config.ts';
import type { Panel } from '../../model/panel.ts';
import { atThisRate, daysThatFit, left, perDay, perSpan, sizes, spans } from './trace-storage.ts';

/** Of the storage of spans, which stand where Zipkin's are: how much there is, and how long it lasts. */
export function storagePanels(config: Config): Panel[] {
  const { retentionDays } = config.tracing;
  const panels: Panel[] = [
    {
      title: 'Days of spans that fit',
      description:
        'How many days as large as the largest there is room for on the disk, up to the 85 % from which on it takes no index of a new day. Below the dashed line, which is tracing.retentionDays, it is full before the oldest day goes: trace a smaller share of requests, keep fewer days, or make the volume larger.',
      type: 'timeseries',
      unit: 'short',
      queries: [
        { expr: daysThatFit(config), legend: 'fit' },
        { expr: `vector(${retentionDays})`, legend: 'tracing.retentionDays', dashed: true },
      ],
    },
    {
      title: 'Growth of a day',
      description:
        'What the largest day takes, today included with what it has so far, and what a day would take that went on like the time shown: of a load test alone, that is far more than any day will be.',
      type: 'timeseries',
      unit: 'bytes',
      queries: [
        { expr: perDay(config), legend: 'largest day' },
        { expr: atThisRate(config), legend: 'at the rate of the time shown', dashed: true },
      ],
    },
    {
      title: 'Disk left for spans',
      description:
        'What is left of the disks up to 85 %, of all nodes together. Below 0 an index of a new day may find no place.',
      type: 'timeseries',
      unit: 'bytes',
      queries: [{ expr: left(), legend: 'left' }],
    },
    {
      title: 'Size of the index of each day',
      description:
        'With its copies. It shrinks now and then, when segments are merged. A day that stays after tracing.retentionDays was not deleted: look at the Job that does.',
      type: 'timeseries',
      unit: 'bytes',
      stacked: true,
      queries: [{ expr: sizes(config), legend: '{{index}}' }],
    },
    {
      title: 'Spans of each day',
      description:
        'What there is to search in. A day with many more than the others had a load test, or a service that traces all.',
      type: 'timeseries',
      unit: 'short',
      stacked: true,
      queries: [{ expr: spans(config), legend: '{{index}}' }],
    },
    {
      title: 'Size of a span',
      description:
        'On one disk, on average. Tags make it large: where it grows, look for a service that writes bodies or statements into them.',
      type: 'timeseries',
      unit: 'bytes',
      queries: [{ expr: perSpan(config), legend: '{{index}}' }],
    },
  ];
  return panels.map((panel) => ({ ...panel, row: 'Storage of spans' }));
}
