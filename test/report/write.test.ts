import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WriteError, writeFolder } from '../../report/write.ts';

const root = mkdtempSync(join(tmpdir(), 'loadscope-write-'));
afterAll(() => rmSync(root, { recursive: true }));

const isOwn = (name: string) => ['a.txt', 'charts', 'charts/b.svg'].includes(name);
const write = (folder: string, files: Record<string, string>) => writeFolder(join(root, folder), files, isOwn);

test('writes a folder, and takes the place of one of its own', async () => {
  await write('one', { 'a.txt': 'first', 'charts/b.svg': 'b' });
  await write('one', { 'a.txt': 'second' });
  expect(readdirSync(join(root, 'one'))).toEqual(['a.txt']);
  expect(readFileSync(join(root, 'one/a.txt'), 'utf8')).toBe('second');
  expect(readdirSync(root)).toEqual(['one']);
});

test('refuses a folder that has something else in it', async () => {
  mkdirSync(join(root, 'theirs'));
  writeFileSync(join(root, 'theirs/thesis.doc'), 'work of years');
  await expect(write('theirs', { 'a.txt': 'a' })).rejects.toThrow(
    /theirs: has something that is not of ours \(thesis\.doc\)/,
  );
  expect(readdirSync(join(root, 'theirs'))).toEqual(['thesis.doc']);
});

test('refuses a folder that has something else in a folder of it', async () => {
  await write('mixed', { 'a.txt': 'a', 'charts/b.svg': 'b' });
  writeFileSync(join(root, 'mixed/charts/Chart.yaml'), 'theirs');
  await expect(write('mixed', { 'a.txt': 'b' })).rejects.toThrow(
    /something that is not of ours \(charts\/Chart\.yaml\)/,
  );
  expect(readFileSync(join(root, 'mixed/charts/Chart.yaml'), 'utf8')).toBe('theirs');
  rmSync(join(root, 'mixed'), { recursive: true });
});

test('leaves what was there, and nothing else, where it cannot be finished', async () => {
  await write('kept', { 'a.txt': 'good' });
  // A file in the way of a folder, after the first file was written.
  const broken = { 'a.txt': 'half', 'a.txt/b.txt': 'b' };
  await expect(write('kept', broken)).rejects.toThrow(WriteError);
  expect(readFileSync(join(root, 'kept/a.txt'), 'utf8')).toBe('good');
  expect(readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('says that it is a file', async () => {
  writeFileSync(join(root, 'file'), '');
  await expect(write('file', { 'a.txt': 'a' })).rejects.toThrow(
    /file: it is a file, or in one\. Name another folder\./,
  );
});
