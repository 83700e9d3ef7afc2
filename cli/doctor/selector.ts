import type { SyntaxNode } from '@lezer/common';
import type { Range } from '../../clients/prometheus.ts';
import { type Matcher, matchersOf, metricOf } from '../../contract/selector.ts';
import { seconds } from '../../model/duration.ts';
import type { ValuesQuestion } from '../lib/grafana-queries.ts';
import type { Evidence } from './evidence.ts';

/** A selector, and the time that it is asked for. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Seconds that it looks back over; left out: it takes the newest sample of those that are not stale. */
  readonly window?: number;
  /** `offset 1h` and its like, as written. */
  readonly shift: string;
}

/** A selector of an expression. It looks back over the ranges around it, and over that of the question. */
export function selectorOf(
  node: SyntaxNode,
  { expr, type }: Pick<ValuesQuestion, 'expr' | 'type'>,
  { start, end }: Range,
): Selector {
  const text = ({ from, to }: { from: number; to: number }) => expr.slice(from, to);
  let window = 0;
  let shift = '';
  for (let around = node.parent; around; around = around.parent) {
    const duration = around.getChild('DurationExpr');
    if (duration) window += seconds(text(duration)) ?? Number(text(duration));
    const shifted =
      around.name === 'OffsetExpr' || around.name === 'StepInvariantExpr' ? around.getChild('Expr') : null;
    if (shifted) shift ||= ` ${text({ from: shifted.to, to: around.to }).trim()}`;
  }
  if (type === 'range') window = Math.max(window, end - start);
  return {
    // The metric contract wants a name in each.
    metric: metricOf(node, { sent: text }) ?? '',
    matchers: matchersOf(node, { sent: text, written: text }),
    ...(window ? { window } : {}),
    shift,
  };
}

export const matcherText = ({ label, operator, literal }: Matcher): string =>
  `${/^\w+$/.test(label) ? label : JSON.stringify(label)}${operator}${literal}`;

/** Samples of a selector: those that are there as PromQL finds them, whatever their values. */
function samples({ metric, matchers, window, shift }: Selector): string {
  const selector = matchers.length ? `${metric}{${matchers.map(matcherText).join(',')}}` : metric;
  return window ? `last_over_time(${selector}[${window}s]${shift})` : `${selector}${shift}`;
}

/** Whether there is any series of a selector. */
export const isThere = async (selector: Selector, evidence: Evidence): Promise<boolean> =>
  (await evidence.now(`count(${samples(selector)})`)).length > 0;

/** The values that a label has on the series of a selector; "" stands for series without it. */
export async function valuesOf(label: string, selector: Selector, evidence: Evidence): Promise<string[]> {
  const series = await evidence.now(
    `count by (${/^\w+$/.test(label) ? label : JSON.stringify(label)}) (${samples(selector)})`,
  );
  return series.map(({ metric }) => metric[label] ?? '').sort();
}
