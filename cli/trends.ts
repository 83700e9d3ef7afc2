import { type Command, Option } from 'commander';
import { readArchive } from '../archive/file.ts';
import { keptIn } from '../archive/folder.ts';
import { htmlOfTrends } from '../compare/html.ts';
import { markdownOfTrends } from '../compare/markdown.ts';
import { trendPointOf, trendsOf } from '../compare/trends.ts';
import { defaultFolder } from './archive/source.ts';
import { CliError } from './lib/cli-error.ts';
import { writeOut } from './lib/write-out.ts';

interface Flags {
  readonly dir: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `loadscope trends`: the archived runs of a load test, and where they changed. */
export function trends(program: Command): void {
  program
    .command('trends')
    .description('The archived runs of a load test, the oldest first, and where latency or throughput changed.')
    .argument('<load-test>', 'name of the load test')
    .option('--dir <dir>', 'folder of archived runs', defaultFolder)
    .option('--out <dir>', 'also write trends.html, trends.md and trends.json to this folder')
    .addOption(new Option('--json', 'print one JSON document instead of Markdown'))
    .addHelpText('after', '\nExit codes: 0 there are runs, 2 there are none.')
    .action(run);
}

async function run(loadTest: string, { dir, out, json: asJson }: Flags): Promise<void> {
  const { kept, unreadable } = keptIn(dir);
  for (const message of unreadable) console.error(`note: ${message}`);
  const wanted = kept.filter((one) => one.loadTest === loadTest);
  if (wanted.length === 0) {
    const known = [...new Set(kept.flatMap((one) => one.loadTest ?? []))].sort();
    throw new CliError(
      `${loadTest}: no run of this load test in ${dir}. It has runs of: ${known.join(', ') || 'no load test at all'}.`,
    );
  }
  // An archive at a time: each may have megabytes.
  const found = trendsOf(
    loadTest,
    wanted.map(({ file }) => trendPointOf(readArchive(file))),
  );
  const json = `${JSON.stringify(found, null, 2)}\n`;
  const markdown = markdownOfTrends(found);
  if (out) {
    const files = { 'trends.html': htmlOfTrends(found), 'trends.md': markdown, 'trends.json': json };
    await writeOut(out, files, (name) => Object.hasOwn(files, name));
  }
  process.stdout.write(asJson ? json : markdown);
}
