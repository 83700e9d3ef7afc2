import type { IndicatorName } from '../model/budget.ts';
import type { Figure, FigureName } from '../model/figure.ts';
import type { Indicator } from '../model/indicator.ts';

const figureOf: Readonly<Partial<Record<IndicatorName, FigureName>>> = {
  throughput: 'requests',
  error_ratio: 'error_ratio',
  p50: 'p50',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  avg: 'client_mean',
};

/** Those of a whole run that what makes the load measures anyway, for budgets. */
export const loadFigures = (indicators: readonly Indicator[]): Figure[] =>
  indicators.flatMap(({ indicator, now }) => {
    const name = figureOf[indicator];
    return name ? [{ name, expr: now({ testid: '=$testid' }, []) }] : [];
  });
