import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Command, Option } from 'commander';
import type { RunArchive } from '../../archive/archive.ts';
import { readArchive } from '../../archive/file.ts';
import { fileOf } from '../../archive/folder.ts';
import { CliError } from '../lib/cli-error.ts';
import { asDuration, type ConnectionFlags, withOptionalConnection } from '../lib/connection.ts';
import { type ClusterFlags, withCluster } from '../runs/cluster.ts';
import { asZipkin } from '../traces/connect.ts';

const require = createRequire(import.meta.url);

/** How a run is collected. */
export interface LiveFlags extends ClusterFlags, Omit<ConnectionFlags, 'prometheus'> {
  /** Left out: that of the stack, by kubectl port-forward. */
  readonly prometheus?: URL;
  readonly zipkin?: URL;
  /** Seconds to look back for a run. */
  readonly range: number;
}

/** Where runs are taken from: a file, the folder of archives, or a Prometheus that still knows them. */
export interface SourceFlags extends LiveFlags {
  /** Folder of archives. */
  readonly dir: string;
}

/** Folder of archives where no other is given. */
export const defaultFolder = 'archives';

/** Adds the flags by which a run is collected: --prometheus, --zipkin, --range, and those of a cluster with --config. */
export const liveFlags = (command: Command): Command =>
  withCluster(withOptionalConnection(command))
    .option('--zipkin <url>', 'address of Zipkin (default: that of the stack, by kubectl port-forward)', asZipkin)
    .addOption(
      new Option('--range <duration>', 'how far to look back for a run').argParser(asDuration).default(21600, '6h'),
    );

/** The same, and --dir: a run may be archived already. */
export const sourceFlags = (command: Command): Command =>
  liveFlags(command.option('--dir <dir>', 'folder of archived runs, where a run is looked for first', defaultFolder));

const isFile = (text: string) => text.includes('/') || /\.json(\.gz)?$/.test(text);

/**
 * A run: of the archive file of that path, of the archive of that id in --dir, or else collected from Prometheus.
 *
 * @throws CliError where there is none; ArchiveError where its file is no archive
 */
export async function archiveFrom(idOrFile: string, flags: SourceFlags): Promise<RunArchive> {
  if (isFile(idOrFile)) return readArchive(idOrFile);
  const file = fileOf(flags.dir, idOrFile);
  if (file) return readArchive(file);
  // Not before: all that targets and charts are made with is a third of the memory that a report takes.
  const { collectLive } = require('./live.ts') as typeof import('./live.ts');
  return collectLive(idOrFile, flags, idOrFile).catch((error: unknown) => {
    throw error instanceof CliError && !existsSync(flags.dir)
      ? new CliError(`${error.message} And there is no archive of it: no folder ${flags.dir}.`)
      : error;
  });
}
