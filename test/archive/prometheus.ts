import type { Prometheus, Range, Series } from '../../clients/prometheus.ts';

/** What a Prometheus of a test was asked. */
export interface Question {
  readonly query: string;
  /** Of a range. */
  readonly step?: number;
  readonly range?: Range;
  /** Of an instant. */
  readonly time?: number;
}

/** Plays Prometheus within the process: what it answers is for the test to say. */
export function prometheusOf(answer: (question: Question) => readonly Series[] | Error) {
  const asked: Question[] = [];
  const ask = async (question: Question) => {
    asked.push(question);
    const result = answer(question);
    if (result instanceof Error) throw result;
    return { result, warnings: [] };
  };
  const prometheus: Pick<Prometheus, 'instant' | 'range' | 'buildInfo'> = {
    instant: (query, time) => ask({ query, time }),
    range: (query, step, range) => ask({ query, step, range }),
    buildInfo: async () => ({ version: '3.9.1' }),
  };
  return { prometheus, asked };
}

/** A number at each point of a range, or at the end. */
export const seriesOf = (metric: Series['metric'], { step, range, time = 0 }: Question, value = '1'): Series =>
  range && step
    ? {
        metric,
        values: Array.from({ length: Math.floor((range.end - range.start) / step) + 1 }, (_, index) => [
          range.start + index * step,
          value,
        ]),
      }
    : { metric, value: [time, value] };
