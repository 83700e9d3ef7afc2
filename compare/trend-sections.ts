import { type Block, figure, paragraph, type Section, table } from '../report/content/block.ts';
import { amount, duration, percent, signed } from './format.ts';
import type { TrendRun, Trends } from './trends.ts';

/** The history of a load test, before it is HTML or Markdown. */
export function trendSections({ runs }: Trends): Section[] {
  const changed = runs.filter(({ changes }) => changes.length > 0);
  return [
    {
      id: 'changes',
      heading: 'Changes',
      blocks: changed.length
        ? [{ kind: 'list', items: changed.flatMap(changeTexts) }]
        : [paragraph('No run left what the runs before it had in common.')],
    },
    { id: 'runs', heading: 'Runs', blocks: runBlocks(runs) },
  ];
}

const changeTexts = ({ testid, start, changes }: TrendRun) =>
  changes.map(
    ({ figure: of, change, since }) =>
      `${start} ${testid}: ${of} ${signed(change)} against ${since === 1 ? 'the run' : `the ${since} runs`} before it.`,
  );

function runBlocks(runs: readonly TrendRun[]): Block[] {
  return table(
    'Runs, the oldest first; all figures without the warm-up',
    [
      'Run',
      'Start',
      'Verdict',
      'Load',
      'p50',
      'p95',
      'p99',
      'Requests/s',
      'Failed',
      'CPU/request',
      'Per 1,000',
      'Change',
    ],
    runs.map((run) => [
      ...[run.testid, run.start, run.verdict ?? 'not judged', run.load],
      ...[run.p50, run.p95, run.p99].map((seconds) => figure(duration(seconds))),
      figure(amount(run.throughput)),
      figure(percent(run.errorRatio)),
      figure(duration(run.cpuPerRequest)),
      figure(run.pricePerThousand === null ? '–' : `${amount(run.pricePerThousand)} ${run.currency}`),
      run.changes.map(({ figure: of, change }) => `${of} ${signed(change)}`).join(', '),
    ]),
  );
}
