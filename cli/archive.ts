import { existsSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readArchive, writeArchive } from '../archive/file.ts';
import { fileOf, type Kept, keep, keptIn, refuseOther } from '../archive/folder.ts';
import { collectLive } from './archive/live.ts';
import { defaultFolder, type LiveFlags, liveFlags } from './archive/source.ts';
import { CliError } from './lib/cli-error.ts';
import { columns, lengthOf } from './runs/render.ts';

interface ExportFlags extends LiveFlags {
  readonly testid: string;
  readonly out: string;
  readonly force?: boolean;
}

/** `loadscope archive`: runs as files, which are there when Prometheus has forgotten them. */
export function archive(program: Command): void {
  const command = program
    .command('archive')
    .description('Runs as files, for reports when Prometheus has forgotten them.');
  liveFlags(command.command('export').description('Write all that is known of a run that is over to a file.'))
    .requiredOption('--testid <id>', 'the run: the name of its Job')
    .option(
      '--out <file|dir>',
      'where to: a file (.json.gz or .json), or a folder, in which it is called after the run',
      `${defaultFolder}/`,
    )
    .option('--force', 'also in the place of another run')
    .action(exportRun);
  command
    .command('import')
    .description('Take archives into a folder, each called after its run.')
    .argument('<file...>', 'archives')
    .addOption(folderOption())
    .option('--force', 'also in the place of another run of the same id')
    .action(importRuns);
  command
    .command('list')
    .description('The archives of a folder, the newest run first.')
    .addOption(folderOption())
    .option('--json', 'print one JSON document instead of a table')
    .action(list);
}

const folderOption = () => new Option('--dir <dir>', 'folder of archives').default(defaultFolder);

async function exportRun({ testid, out, force, ...flags }: ExportFlags): Promise<void> {
  const isFolder = out.endsWith('/') || (existsSync(out) && statSync(out).isDirectory());
  if (!isFolder && !/\.json(\.gz)?$/.test(out))
    throw new CliError(
      `--out ${out}: must be a folder that is there or ends in "/", or a file that ends in .json.gz or .json.`,
    );
  const archived = await collectLive(testid, flags, `--testid ${testid}`);
  if (!isFolder) {
    if (existsSync(out) && !force) refuseOther(out, archived);
    await writeArchive(out, archived);
  }
  const file = isFolder ? await keep(out, archived, force) : out;
  process.stdout.write(`${file}\n`);
  for (const gap of archived.gaps) console.error(`note: ${gap}`);
}

/** Whole or not at all: no file is taken before all have been looked at. */
async function importRuns(
  files: readonly string[],
  { dir, force }: { readonly dir: string; readonly force?: boolean },
): Promise<void> {
  const seen = new Map<string, string>();
  for (const file of files) {
    const one = readArchive(file);
    const twin = seen.get(one.run.testid);
    if (twin !== undefined)
      throw new CliError(`${file}: has the id ${one.run.testid}, as ${twin} has. Import one of them.`);
    seen.set(one.run.testid, file);
    const before = fileOf(dir, one.run.testid);
    if (before && !force) refuseOther(before, one);
  }
  for (const file of files) process.stdout.write(`${await keep(dir, readArchive(file), force)}\n`);
}

function list({ dir, json }: { readonly dir: string; readonly json?: boolean }): void {
  const { kept, unreadable } = keptIn(dir);
  for (const message of unreadable) console.error(`note: ${message}`);
  if (json) {
    process.stdout.write(`${JSON.stringify({ version: 1, archives: kept.map(rowOf) }, null, 2)}\n`);
    return;
  }
  if (kept.length === 0) {
    console.error(`${dir}: no archives. "loadscope archive export --testid ID" makes one.`);
    return;
  }
  const lines = kept.map(({ testid, loadTest = '', start, end, verdict, file }) => [
    ...[testid, loadTest, iso(start).slice(0, 16).replace('T', ' ')],
    ...[lengthOf(end - start), verdict ?? '', file],
  ]);
  const heads = ['TESTID', 'LOAD TEST', 'START', 'LENGTH', 'VERDICT', 'FILE'];
  process.stdout.write(`${columns([heads, ...lines]).join('\n')}\n`);
}

/** An archive as --json has it. */
const rowOf = ({ file, testid, loadTest, scenario, start, end, verdict }: Kept) => ({
  ...{ file, testid, loadTest: loadTest ?? null, scenario: scenario ?? null },
  ...{ start: iso(start), end: iso(end), verdict },
});

const iso = (time: number) => new Date(time * 1000).toISOString();
