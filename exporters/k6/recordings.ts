import type { Recording } from '../../model/recording.ts';
import { clientP95, clientSeconds } from '../../model/stage.ts';
import type { Latency } from './latency.ts';

/** What the verdict on the bottleneck holds against the time that services count themselves. */
export const recordings = ({ indicators }: Latency): Recording[] =>
  [
    { record: clientSeconds, indicator: 'avg', by: ['testid', 'service'] },
    { record: clientP95, indicator: 'p95', by: ['testid'] },
  ].flatMap(({ record, indicator, by }) =>
    indicators.filter((one) => one.indicator === indicator).map(({ now }) => ({ record, expr: now({}, by) })),
  );
