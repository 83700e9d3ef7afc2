import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync } from 'node:zlib';
import type { RunArchive } from './archive.ts';
import { runArchive } from './schema.ts';

/** A file that cannot be written, or that is no archive. Its message is one line, and meant for the user as it stands. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** Bytes that an archive is unpacked to at the most: a hundred times one of half an hour. */
const mostBytes = 1024 ** 3;

/** The two bytes that each gzip begins with. */
const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Writes an archive, compressed where its name ends in `.gz`: whole, or not at all.
 *
 * @throws ArchiveError
 */
export async function writeArchive(file: string, archive: RunArchive): Promise<void> {
  // In the same folder, because only a rename within one file system is whole or not at all.
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  const refusal = (error: NodeJS.ErrnoException) => new ArchiveError(`${file}: ${reasonOf(error)}`);
  const handle = await open(temporary, 'wx').catch((error) => {
    throw refusal(error);
  });
  try {
    // On the disk before it takes its name, so that no name leads to half of it when the machine stops.
    const out = handle.createWriteStream({ flush: true });
    const text = Readable.from(piecesOf(archive));
    await (file.endsWith('.gz') ? pipeline(text, createGzip(), out) : pipeline(text, out));
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw refusal(error as NodeJS.ErrnoException);
  }
}

/** Its JSON bit by bit, since the text of all of it would need as much memory as the archive itself. */
function* piecesOf(archive: RunArchive): Generator<string> {
  let separator = '{';
  for (const [name, value] of Object.entries(archive)) {
    yield `${separator}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* itemsOf(value);
    else yield JSON.stringify(value);
    separator = ',';
  }
  yield '}\n';
}

function* itemsOf(list: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [index, item] of list.entries()) yield `${index ? ',' : ''}${JSON.stringify(item)}`;
  yield ']';
}

/** The name of a new file is in its folder, which is written on its own. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'there is no space left on the disk, and nothing was written: make room, or name another folder.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'may not be written by this user: name another folder, or change who may write there.';
    case 'ENOTDIR':
    case 'ENOENT':
      return 'there is no such folder: make it first, or name another.';
    case 'EISDIR':
      return 'is a folder, not a file.';
    default:
      return `cannot be written: ${message}.`;
  }
}

/**
 * Reads an archive, compressed or not.
 *
 * @throws ArchiveError that names the file, and the field where there is one
 */
export function readArchive(file: string): RunArchive {
  const found: unknown = parsed(file, unpacked(file));
  const { format, version } = (found ?? {}) as Partial<Record<keyof RunArchive, unknown>>;
  if (format !== 'loadscope.run')
    throw new ArchiveError(`${file}: is no archive of a run: its field "format" is not "loadscope.run".`);
  if (typeof version === 'number' && version > 1)
    throw new ArchiveError(
      `${file}: version: is ${version}, and this loadscope knows 1: read it with the newer one that wrote it.`,
    );
  const { error } = runArchive.safeParse(found);
  const [issue] = error?.issues ?? [];
  if (issue) throw new ArchiveError(`${file}: ${pathOf(issue.path)}: ${issue.message}.`);
  return found as RunArchive;
}

function unpacked(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ArchiveError(`${file}: no such file.`);
    throw new ArchiveError(`${file}: cannot be read: ${code === 'EISDIR' ? 'it is a folder' : message}.`);
  }
  if (!isGzip(bytes)) {
    if (!file.endsWith('.gz')) return bytes.toString('utf8');
    throw new ArchiveError(`${file}: is not compressed by gzip, though its name says so.`);
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ArchiveError(
      code === 'Z_BUF_ERROR'
        ? `${file}: is cut short: copy it again from where it came.`
        : `${file}: cannot be unpacked: ${message}.`,
    );
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ArchiveError(`${file}: is not JSON, or only a part of it.`);
  }
}

/** `endpoints[3].latency[0].count` */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
