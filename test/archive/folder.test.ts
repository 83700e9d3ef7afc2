import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArchive, writeArchive } from '../../archive/file.ts';
import { fileOf, keep, keptIn } from '../../archive/folder.ts';
import { archiveOf } from './fixture.ts';

/** A folder of archives: one for each run, called after it. */

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-archives-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the newest run stands first, and what is no archive is told beside', async () => {
  for (const [testid, start] of [
    ['b-1', 100],
    ['a-1', 300],
    ['c-1', 200],
  ] as const)
    await keep(folder, archiveOf(testid, start));
  writeFileSync(at('broken.json'), '{');
  writeFileSync(at('notes.txt'), '');
  const { kept, unreadable } = keptIn(folder);
  expect(kept.map(({ testid }) => testid)).toEqual(['a-1', 'c-1', 'b-1']);
  expect(kept[0]).toEqual({
    ...{ file: at('a-1.json.gz'), testid: 'a-1', start: 300, end: 360 },
    ...{ loadTest: 'browse', scenario: 'browse', verdict: 'pass' },
  });
  expect(unreadable).toEqual([`${at('broken.json')}: is not JSON, or only a part of it.`]);
  expect(keptIn(folder, ({ start }) => start > 100).kept).toHaveLength(2);
});

test('a folder that is not there is empty, and is made for the first archive', async () => {
  expect(keptIn(at('new'))).toEqual({ kept: [], unreadable: [] });
  expect(fileOf(at('new'), 'browse-1')).toBeUndefined();
  const file = await keep(at('new'), archiveOf());
  expect(file).toBe(at('new/browse-1.json.gz'));
  expect(fileOf(at('new'), 'browse-1')).toBe(file);
});

test('the same run is written again, another of its id only by force', async () => {
  await keep(folder, archiveOf('browse-1', 100));
  await keep(folder, { ...archiveOf('browse-1', 100), gaps: [] });
  await expect(keep(folder, archiveOf('browse-1', 200))).rejects.toThrow(
    `${at('browse-1.json.gz')}: has another run, browse-1 of 1970-01-01T00:01:40.000Z: give --force to write over it.`,
  );
  expect(readArchive(at('browse-1.json.gz'))).toMatchObject({ run: { start: 100 }, gaps: [] });
  await keep(folder, archiveOf('browse-1', 200), true);
  expect(readArchive(at('browse-1.json.gz')).run.start).toBe(200);
});

test('an archive that is not compressed stays the only one of its run', async () => {
  await writeArchive(at('browse-1.json'), archiveOf('browse-1', 100));
  expect(await keep(folder, archiveOf('browse-1', 100))).toBe(at('browse-1.json'));
  expect(existsSync(at('browse-1.json.gz'))).toBe(false);
});

test('a file in the place of the folder is said to be one', async () => {
  writeFileSync(at('file'), '');
  await expect(keep(at('file'), archiveOf())).rejects.toThrow(/file: is a file, or lies below one: name a folder.$/);
  expect(() => keptIn(at('file'))).toThrow(/file: is no folder.$/);
});
