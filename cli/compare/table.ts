import { plain } from '../../clients/plain.ts';
import type { ComparedLatency, Comparison } from '../../compare/comparison.ts';
import { duration, signed } from '../../compare/format.ts';
import { columns } from '../runs/render.ts';

/** A comparison for people: what the sides differ in, a line for each endpoint, and the verdict in the last. */
export function tableOf({
  differences,
  latency,
  endpoints,
  throughput,
  verdict,
  reasons,
  repeats,
}: Comparison): string {
  const sides = (before: string, after: string) => (before === after ? before : `${before} -> ${after}`);
  const change = ({ change, lower, upper, state }: Pick<ComparedLatency, 'change' | 'lower' | 'upper' | 'state'>) => [
    signed(change),
    change === null ? '' : `${signed(lower)} to ${signed(upper)}`,
    state ?? 'not compared',
  ];
  const p95 = ([before, after]: Comparison['endpoints'][number]['p95']) =>
    `p95 ${sides(duration(before), duration(after))}`;
  return [
    ...block(
      differences.map(({ what, baseline, candidate }) => [
        what,
        sides(baseline.join(', ') || 'unknown', candidate.join(', ') || 'unknown'),
      ]),
    ),
    ...block([
      ...(latency ? [['all endpoints', '', ...change(latency)]] : []),
      ...endpoints.map((row) => [`${row.method} ${row.name}`.trim(), p95(row.p95), ...change(row)]),
      ...(throughput ? [['requests/s', '', ...change(throughput)]] : []),
    ]),
    ...reasons.map((reason) => plain(reason, 1000)),
    ...(repeats === null ? [] : [`${repeats} runs of each side would tell.`]),
    `verdict: ${verdict}`,
  ]
    .join('\n')
    .concat('\n');
}

/** Rows as lines of aligned columns, with an empty line after them; nothing of none. */
const block = (rows: readonly (readonly string[])[]): string[] => (rows.length ? [...columns(rows), ''] : []);
