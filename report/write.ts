import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A folder cannot be written. Its message names the folder, and says why and what to do. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

/**
 * Writes a folder as a whole: where it cannot be finished there is no folder, or the one that was there before.
 *
 * @param files by path in the folder
 * @param isOwn whether what is there, by its path in the folder, may be replaced
 * @throws WriteError where it cannot be written, or where something else is in it
 */
export async function writeFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  isOwn: (name: string) => boolean,
): Promise<void> {
  const target = resolve(folder);
  const before = await entriesOf(target);
  const foreign = before?.find((name) => !isOwn(name));
  if (foreign !== undefined)
    throw new WriteError(`${folder}: has something that is not of ours (${foreign}). Name an empty or new folder.`);
  // Beside it, because only a rename within one file system is whole or not at all.
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await mkdir(draft, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), content);
    }
    await replace(target, draft, before !== undefined);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw new WriteError(`${folder}: nothing was written: ${reason(error as NodeJS.ErrnoException)}`);
  }
}

/** Renames are whole or not at all; between the two, the old folder is still there under another name. */
async function replace(target: string, draft: string, isThere: boolean): Promise<void> {
  if (!isThere) return rename(draft, target);
  const old = `${draft}.old`;
  await rename(target, old);
  try {
    await rename(draft, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** All that is in it, also in folders of it. @returns undefined where there is no such folder */
async function entriesOf(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new WriteError(`${folder}: ${reason(error as NodeJS.ErrnoException)}`);
  }
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full. Make room, or name another folder.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'it may not be written to. Name another folder.';
    case 'ENOTDIR':
      return 'it is a file, or in one. Name another folder.';
    default:
      return message;
  }
}
