import { type Block, type Cell, figure, paragraph, type Section, table } from '../report/content/block.ts';
import type { ComparedAmount, ComparedLatency, Comparison } from './comparison.ts';
import { amount, duration, mebibytes, percent, signed } from './format.ts';
import type { State } from './judge.ts';
import { noiseFloor } from './noise.ts';

/** A comparison, before it is HTML or Markdown: what differs between the sides comes before any figure. */
export function sectionsOf(comparison: Comparison): Section[] {
  const sections: Section[] = [
    { id: 'verdict', heading: 'Verdict', blocks: verdictBlocks(comparison) },
    { id: 'differences', heading: 'What the sides differ in', blocks: differenceBlocks(comparison) },
    { id: 'runs', heading: 'Runs', blocks: runBlocks(comparison) },
    { id: 'latency', heading: 'Latency', blocks: latencyBlocks(comparison) },
    {
      id: 'errors',
      heading: 'Throughput and errors',
      blocks: [...throughputBlocks(comparison), ...errorBlocks(comparison)],
    },
    { id: 'budgets', heading: 'Budgets', blocks: budgetBlocks(comparison) },
    { id: 'resources', heading: 'Resources', blocks: resourceBlocks(comparison) },
    { id: 'gaps', heading: 'Not compared', blocks: listOf(comparison.gaps) },
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

const listOf = (items: readonly string[]): Block[] => (items.length ? [{ kind: 'list', items }] : []);

const explained = {
  regression: 'The candidate is worse than the baseline by more than noise explains.',
  'no-regression': 'A change for the worse is ruled out, up to the limit.',
  undecided: 'No regression was found, and none is ruled out: this is no pass.',
  invalid: 'The sides cannot be compared.',
} as const;

function verdictBlocks({ verdict, reasons, repeats, failOn }: Comparison): Block[] {
  return [
    paragraph(`${explained[verdict]} The limit is ${percent(failOn)}.`),
    ...listOf(reasons),
    ...(repeats === null
      ? []
      : [paragraph(`With ${repeats} runs of each side, a change of ${percent(failOn)} would be told from none.`)]),
  ];
}

function differenceBlocks({ differences }: Comparison): Block[] {
  if (differences.length === 0) return [paragraph('In nothing that is known of the runs.')];
  return table(
    'Load, build and environment',
    ['What', 'Kind', 'Baseline', 'Candidate'],
    differences.map(({ what, kind, baseline, candidate }) => [
      ...[what, kind],
      ...[baseline, candidate].map((values) => values.join(', ') || 'unknown'),
    ]),
  );
}

function runBlocks({ baseline, candidate }: Comparison): Block[] {
  const rows = (side: string, runs: Comparison['baseline']) =>
    runs.map(({ testid, start, end, warmUp, verdict }) => [
      ...[testid, side, start, end],
      figure(duration(warmUp)),
      verdict ?? 'not judged',
    ]);
  return table(
    'Runs of each side',
    ['Run', 'Side', 'From', 'To', 'Warm-up, left out', 'Verdict'],
    [...rows('baseline', baseline), ...rows('candidate', candidate)],
  );
}

function latencyBlocks({ latency, endpoints, noise }: Comparison): Block[] {
  const source = noise.runs
    ? `from ${noise.runs} runs, with ${percent(noiseFloor.deviation)} averaged in`
    : 'the default where no run was repeated, which is meant to be too much rather than too little';
  return [
    paragraph(`Between runs of one build, latency is taken to differ by ${percent(noise.deviation)}: ${source}.`),
    ...table(
      'Latency by endpoint, and the change of its middle from the 10th percentile to the 90th',
      ['Endpoint', 'Requests', 'p50', 'p95', 'p99', 'Change (90 % interval)', 'p-value', 'Found from', 'State'],
      [
        ...(latency ? [['All together', '', '', '', '', ...latencyCells(latency)]] : []),
        ...endpoints.map((row) => [
          labelOf(row),
          figure(pairText(row.requests, amount)),
          ...[row.p50, row.p95, row.p99].map((pair) => figure(pairText(pair, duration))),
          ...latencyCells(row),
        ]),
      ],
    ),
  ];
}

const latencyCells = (row: ComparedLatency): Cell[] => [
  figure(changeText(row)),
  figure(amount(row.chance)),
  figure(signed(row.detectable)),
  stateCell(row.state),
];

function throughputBlocks({ throughput }: Comparison): Block[] {
  if (!throughput) return [];
  return table(
    'Throughput',
    ['What', 'Baseline → candidate', 'Change (90 % interval)', 'State'],
    [
      [
        'Requests per second',
        figure(pairText(throughput.values, amount)),
        figure(changeText(throughput)),
        stateCell(throughput.state),
      ],
    ],
  );
}

const errorBlocks = ({ errors }: Comparison): Block[] =>
  table(
    'Failed requests, where there are any; changes in percentage points',
    ['Endpoint', 'Share of requests', 'Change (90 % interval)', 'p-value', 'State'],
    errors.map((row) => [
      labelOf(row),
      figure(pairText(row.ratio, percent)),
      figure(changeText(row, 2)),
      figure(amount(row.chance)),
      stateCell(row.state),
    ]),
  );

const budgetBlocks = ({ budgets }: Comparison): Block[] =>
  table(
    'Budgets',
    ['Budget', 'By', 'Bound', 'Value', 'State'],
    budgets.map(({ budget, job, good, bound, value, state }) => [
      ...[budget, job],
      figure(`${good === 'below' ? '≤' : '≥'} ${pairText(bound, amount)}`),
      figure(pairText(value, amount)),
      { state: state[1] ?? '', text: pairText(state, (one) => one ?? '–') },
    ]),
  );

function resourceBlocks({ resources, pressures }: Comparison): Block[] {
  const cells = (row: ComparedAmount | null, text: (value: number | null) => string): Cell[] =>
    row ? [figure(pairText(row.values, text)), figure(changeText(row))] : ['', ''];
  return [
    ...table(
      'Resources of services; they decide nothing',
      ['Service', 'CPU per request', 'Change (90 % interval)', 'Memory', 'Change (90 % interval)'],
      resources.map(({ service, cpu, memory }) => [service, ...cells(cpu, duration), ...cells(memory, mebibytes)]),
    ),
    ...table(
      'Highest pressure: 1 is where a resource gives way',
      ['Resource', 'Baseline → candidate'],
      pressures.map(({ of, peak }) => [of, figure(pairText(peak, amount))]),
    ),
  ];
}

const labelOf = ({ method, name }: { readonly method: string; readonly name: string }) => `${method} ${name}`.trim();

/** One figure where both are the same. */
function pairText<Value>([before, after]: readonly [Value, Value], text: (value: Value) => string): string {
  const texts = [text(before), text(after)];
  return texts[0] === texts[1] ? `${texts[0]}` : texts.join(' → ');
}

const changeText = ({ change, lower, upper }: Pick<ComparedAmount, 'change' | 'lower' | 'upper'>, digits?: number) =>
  change === null ? '–' : `${signed(change, digits)} (${signed(lower, digits)} to ${signed(upper, digits)})`;

/** Coloured as a budget that is broken or held. */
function stateCell(state: State | null): Cell {
  if (state === 'regression') return { state: 'broken', text: state };
  return state === 'improvement' ? { state: 'held', text: state } : (state ?? 'not compared');
}
