import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunArchive } from './archive.ts';
import { ArchiveError, readArchive, writeArchive } from './file.ts';

/** A folder of archives, one for each run, which are called after them. */

/** An archive in short. */
export interface Kept {
  readonly file: string;
  readonly testid: string;
  readonly loadTest?: string;
  readonly scenario?: string;
  /** Unix time, in seconds. */
  readonly start: number;
  readonly end: number;
  /** Null: nobody has judged it. */
  readonly verdict: 'pass' | 'fail' | 'invalid' | null;
}

const endings = ['.json.gz', '.json'] as const;

/** What the file of a run is called. */
const nameOf = (testid: string) => `${testid}${endings[0]}`;

/** The file of a run; undefined where there is none. */
export function fileOf(folder: string, testid: string): string | undefined {
  const files = filesIn(folder);
  return endings
    .map((ending) => `${testid}${ending}`)
    .filter((name) => files.includes(name))
    .map((name) => join(folder, name))[0];
}

/**
 * @returns what there is, the newest first, and what is wrong with the files that are none
 * @throws ArchiveError where the folder cannot be read
 */
export function keptIn(folder: string, isWanted: (kept: Kept) => boolean = () => true) {
  const kept: Kept[] = [];
  const unreadable: string[] = [];
  for (const name of filesIn(folder)) {
    const file = join(folder, name);
    try {
      const one = keptOf(file, readArchive(file));
      if (isWanted(one)) kept.push(one);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { kept: kept.sort((a, b) => b.start - a.start), unreadable };
}

/** Those of one load test, for trends: the newest first. */
export const ofLoadTest = (folder: string, loadTest: string): readonly Kept[] =>
  keptIn(folder, (kept) => kept.loadTest === loadTest).kept;

function keptOf(file: string, { run, verdict }: RunArchive): Kept {
  const { testid, start, end, loadTest, scenario } = run;
  return {
    ...{ file, testid, start, end },
    ...(loadTest === undefined ? {} : { loadTest }),
    ...(scenario === undefined ? {} : { scenario }),
    verdict: verdict?.verdict ?? null,
  };
}

/**
 * Puts an archive into a folder, which is made where it is not there.
 *
 * @param force also in the place of another run of its id
 * @returns the file
 * @throws ArchiveError
 */
export async function keep(folder: string, archive: RunArchive, force = false): Promise<string> {
  const { testid } = archive.run;
  makeFolder(folder);
  const before = fileOf(folder, testid);
  if (before && !force) refuseOther(before, archive);
  const file = before ?? join(folder, nameOf(testid));
  await writeArchive(file, archive);
  return file;
}

/**
 * @throws ArchiveError where a file is not of the same run as an archive
 */
export function refuseOther(file: string, { run }: RunArchive): void {
  const other = readArchive(file).run;
  if (other.testid !== run.testid || other.start !== run.start)
    throw new ArchiveError(
      `${file}: has another run, ${other.testid} of ${new Date(other.start * 1000).toISOString()}: give --force to write over it.`,
    );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ArchiveError(
      `${folder}: ${code === 'EEXIST' || code === 'ENOTDIR' ? 'is a file, or lies below one: name a folder' : `cannot be made: ${message}`}.`,
    );
  }
}

/** Empty where there is no such folder. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && endings.some((ending) => name.endsWith(ending)))
      .sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new ArchiveError(`${folder}: ${code === 'ENOTDIR' ? 'is no folder' : `cannot be read: ${message}`}.`);
  }
}
