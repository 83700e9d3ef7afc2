import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunArchive } from '../archive/archive.ts';
import { readArchive } from '../archive/file.ts';
import { type Kept, ofLoadTest } from '../archive/folder.ts';
import { comparisonOf } from '../compare/compare.ts';
import { loadOf } from '../compare/facts.ts';
import { htmlOfComparison } from '../compare/html.ts';
import { markdownOfComparison } from '../compare/markdown.ts';
import { archiveFrom, type SourceFlags, sourceFlags } from './archive/source.ts';
import { tableOf } from './compare/table.ts';
import { CliError } from './lib/cli-error.ts';
import { writeOut } from './lib/write-out.ts';

interface Flags extends SourceFlags {
  readonly failOn: number;
  readonly history: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** What was not decided is no pass, and what was not compared neither. */
const exitCodes = { 'no-regression': 0, regression: 1, undecided: 2, invalid: 2 } as const;

/** Runs of the past that the noise between runs is taken from: older ones say little about today's cluster. */
const mostHistory = 20;

/** `loadscope compare`: the runs of one build against those of another. */
export function compare(program: Command): void {
  sourceFlags(
    program
      .command('compare')
      .description('Hold runs of one build against runs of another: is it slower, by more than noise?')
      .argument('<baseline>', 'runs before the change: ids or archives, with commas between repeated ones', asList)
      .argument('<candidate>', 'runs with the change', asList),
  )
    .addOption(
      new Option('--fail-on <change>', 'the smallest change of latency or throughput that is a regression')
        .argParser(asShare)
        .default(0.05, '5%'),
    )
    .option('--no-history', 'take the noise between runs from those given alone, not also from others in --dir')
    .option('--out <dir>', 'also write compare.html, compare.md and compare.json to this folder')
    .addOption(new Option('--json', 'print one JSON document instead of a table').conflicts('markdown'))
    .option('--markdown', 'print Markdown, for the comment on a change')
    .addHelpText(
      'after',
      '\nExit codes: 0 no regression, 1 regression, 2 undecided, or invalid: there was nothing to compare.',
    )
    .action(run);
}

async function run(baseline: readonly string[], candidate: readonly string[], flags: Flags): Promise<void> {
  const [before, after] = [await archivesOf(baseline, flags), await archivesOf(candidate, flags)];
  refuseTwice([...before, ...after]);
  const history = flags.history ? historyOf([...before, ...after], flags.dir) : [];
  const comparison = comparisonOf(before, after, { failOn: flags.failOn, history });
  const json = `${JSON.stringify(comparison, null, 2)}\n`;
  const markdown = markdownOfComparison(comparison);
  if (flags.out) {
    const files = { 'compare.html': htmlOfComparison(comparison), 'compare.md': markdown, 'compare.json': json };
    await writeOut(flags.out, files, (name) => Object.hasOwn(files, name));
  }
  process.stdout.write(flags.json ? json : flags.markdown ? markdown : tableOf(comparison));
  process.exitCode = exitCodes[comparison.verdict];
}

/** One after the other: each may be collected from Prometheus. */
async function archivesOf(ids: readonly string[], flags: SourceFlags): Promise<RunArchive[]> {
  const archives: RunArchive[] = [];
  for (const id of ids) archives.push(await archiveFrom(id, flags));
  return archives;
}

/** A run that is counted twice would look like two that agree. */
function refuseTwice(archives: readonly RunArchive[]): void {
  const ids = archives.map(({ run }) => run.testid);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw new CliError(`${twice}: is given twice. Name each run once, on one side.`);
}

/** The newest other runs under the load of the first of these. */
function historyOf(archives: readonly RunArchive[], dir: string): RunArchive[] {
  const [first] = archives;
  if (first?.run.loadTest === undefined) return [];
  const load = loadOf(first);
  const given = new Set(archives.map(({ run }) => run.testid));
  const isOther = ({ testid, verdict }: Kept) => !given.has(testid) && verdict !== 'invalid';
  const history: RunArchive[] = [];
  for (const { file } of ofLoadTest(dir, first.run.loadTest).filter(isOther)) {
    const archive = readArchive(file);
    if (loadOf(archive) === load) history.push(archive);
    if (history.length === mostHistory) break;
  }
  return history;
}

function asList(text: string): string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  if (ids.length === 0) throw new InvalidArgumentError('It must be the id of a run, or several with commas between.');
  return ids;
}

function asShare(text: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  if (!amount || Number(amount) <= 0 || Number(amount) > 1000)
    throw new InvalidArgumentError('It must be a percentage above 0, for example 5%.');
  return Number(amount) / 100;
}
