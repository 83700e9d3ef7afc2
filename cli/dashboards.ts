import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Dashboard } from '../contract/dashboard.ts';
import { readConfig } from '../model/config-file.ts';
import { checkedQueries } from '../synth/publish.ts';
import { CliError } from './lib/cli-error.ts';

interface Flags {
  readonly config: string;
  readonly datasource?: string;
}

/** The uid, by which links find a dashboard, is fixed; its id is Grafana's to give. */
type Exported = Dashboard & { readonly uid: string };

/** Which rules of dashboard-linter the dashboards do not keep, and why. The linter reads it beside a dashboard. */
const exceptions = fileURLToPath(new URL('../dashboards/.lint', import.meta.url));

/** `loadscope dashboards export`: the dashboards for a Grafana that is not the stack's own. */
export function dashboards(program: Command): void {
  program
    .command('dashboards')
    .description('The Grafana dashboards of a config.')
    .command('export')
    .description('Write each dashboard as JSON, to import in Grafana or to provision from files.')
    .argument('<dir>', 'where to; made where it is missing')
    .option('--config <file>', 'what is monitored', process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml')
    .option('--datasource <uid>', "data source that is chosen at first (default: Grafana's default one)")
    .action(run);
}

function run(dir: string, { config, datasource }: Flags): void {
  const boards = checkedQueries(readConfig(config)).dashboards as Exported[];
  const files = new Map([['.lint', readFileSync(exceptions, 'utf8')]]);
  for (const board of boards) {
    const exported = { id: null, ...(datasource ? withDatasource(board, datasource) : board) };
    files.set(`${board.uid}.json`, `${JSON.stringify(exported, null, 2)}\n`);
  }
  try {
    replaceFiles(dir, files);
  } catch (error) {
    throw new CliError(`${dir}: nothing is written: ${(error as Error).message}`);
  }
  console.error(`${dir}: ${boards.length} dashboards`);
}

/** With another data source chosen than Grafana's default one. */
const withDatasource = (board: Dashboard, uid: string): Dashboard => ({
  ...board,
  templating: {
    ...board.templating,
    list: board.templating?.list?.map((variable) =>
      variable.type === 'datasource' ? { ...variable, current: { selected: true, text: uid, value: uid } } : variable,
    ),
  },
});

/** All of the files or none: they take the place of the old ones when all are complete. Files of others stay. */
function replaceFiles(dir: string, files: ReadonlyMap<string, string>): void {
  // Inside the folder, because only a rename within one file system is whole or not at all.
  const staging = join(dir, `.loadscope-${randomUUID()}`);
  mkdirSync(staging, { recursive: true });
  try {
    for (const [file, text] of files) writeFileSync(join(staging, file), text);
    // What is not to be replaced, or cannot be, is found before the first rename.
    for (const [file, text] of files) {
      const old = join(dir, file);
      if (!existsSync(old)) continue;
      if (statSync(old).isDirectory()) throw new Error(`${old} is a folder`);
      if (file === '.lint' && firstLine(readFileSync(old, 'utf8')) !== firstLine(text))
        throw new Error(`${old} is not from an earlier export; move it away, or name another folder`);
    }
    for (const file of files.keys()) renameSync(join(staging, file), join(dir, file));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

const firstLine = (text: string) => text.split('\n', 1)[0];
