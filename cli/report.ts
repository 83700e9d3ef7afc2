import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { plain } from '../clients/plain.ts';
import { reportOf } from '../report/document.ts';
import { archiveName, type Format, filesOf, formats, isOfReport } from '../report/files.ts';
import { type Language, languages, textsOf } from '../report/texts/texts.ts';
import { archiveFrom, type SourceFlags, sourceFlags } from './archive/source.ts';
import { CliError } from './lib/cli-error.ts';
import { writeOut } from './lib/write-out.ts';
import { checkTestid } from './runs/cluster.ts';

interface Flags extends SourceFlags {
  readonly testid?: string;
  readonly archive?: string;
  readonly out?: string;
  readonly language: Language;
  readonly format: readonly Format[];
}

/** `loadscope report`: what a run that is over says, as files that need nothing else. */
export function report(program: Command): void {
  sourceFlags(
    program
      .command('report')
      .description('Make a report of a run: one HTML page, and the same as Markdown, JSON, CSV and pictures.'),
  )
    .option('--testid <id>', 'the run, from its archive in --dir, or else from Prometheus')
    .addOption(new Option('--archive <file>', 'the run, from its archive').conflicts('testid'))
    .option('--out <dir>', 'folder of the report (default: reports/TESTID)')
    .addOption(new Option('--language <language>', 'language of the report').choices(languages).default('en'))
    .addOption(
      new Option('--format <formats>', `which of ${formats.join(', ')}, with commas between`)
        .argParser(asFormats)
        .default(formats.slice(0, 5), formats.slice(0, 5).join(',')),
    )
    .addHelpText('after', '\nExit codes: 0 the report was made, whatever the verdict; 2 it could not be made.')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { testid, archive: file, language, format } = flags;
  if (testid !== undefined) checkTestid('--testid', testid);
  const from = file ?? testid;
  if (from === undefined)
    throw new CliError('--testid: is required, the run to report on. Or give --archive with a file.');
  // A bare name would be taken for the id of a run.
  const archive = await archiveFrom(file === undefined || file.includes('/') ? from : `./${file}`, flags);
  // Before anything is drawn, so that its text and the drawings are not in memory together.
  const beside = { [archiveName]: gzipSync(JSON.stringify(archive)) };
  const document = reportOf(archive, { language });
  const out = flags.out ?? join('reports', archive.run.testid);
  await writeOut(out, { ...filesOf(document, format), ...beside }, isOfReport);
  const verdict = textsOf(language).verdicts[document.verdict?.verdict ?? 'none'];
  const lines = [
    `${textsOf(language).title(archive.run.testid)}: ${verdict}`,
    ...document.conclusion,
    join(out, format.includes('html') ? 'report.html' : ''),
  ];
  process.stdout.write(lines.map((line) => `${plain(line, 1000)}\n`).join(''));
}

function asFormats(text: string): readonly Format[] {
  const asked = text.split(',').map((one) => one.trim());
  const unknown = asked.find((one) => !(formats as readonly string[]).includes(one));
  if (unknown !== undefined) throw new InvalidArgumentError(`It must be of ${formats.join(', ')}, not "${unknown}".`);
  return asked as Format[];
}
