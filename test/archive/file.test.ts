import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ArchiveError, readArchive, writeArchive } from '../../archive/file.ts';
import { archiveOf } from './fixture.ts';

/** Archives as files: written whole or not at all, and read only where they are what they say. */

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-archive-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test.each(['run.json.gz', 'run.json'])('%s: what was written is read', async (name) => {
  const archive = archiveOf();
  await writeArchive(at(name), archive);
  expect(readArchive(at(name))).toEqual(archive);
  const bytes = readFileSync(at(name));
  expect(JSON.parse(String(name.endsWith('.gz') ? gunzipSync(bytes) : bytes))).toEqual(archive);
  expect(readdirSync(folder)).toEqual([name]);
});

test('what a later version adds is kept', async () => {
  const rates = { currency: 'EUR', basis: 'usage' as const, overrides: [], added: 1 };
  const archive = { ...archiveOf(), rates, added: [1] };
  await writeArchive(at('run.json.gz'), archive);
  expect(readArchive(at('run.json.gz'))).toEqual(archive);
});

const written = (change: object) => JSON.stringify({ ...archiveOf(), ...change });

test.each<[name: string, content: string | Buffer, message: string]>([
  ['a.json.gz', '{}', 'is not compressed by gzip, though its name says so.'],
  ['a.json', '{"format":', 'is not JSON, or only a part of it.'],
  ['a.json.gz', gzipSync('text'), 'is not JSON, or only a part of it.'],
  ['a.json', '{"version":1}', 'is no archive of a run: its field "format" is not "loadscope.run".'],
  ['a.json', 'null', 'is no archive of a run: its field "format" is not "loadscope.run".'],
  [
    'a.json',
    written({ version: 2 }),
    'version: is 2, and this loadscope knows 1: read it with the newer one that wrote it.',
  ],
  ['a.json', written({ run: { ...archiveOf().run, testid: '../other/browse-1' } }), 'run.testid: is no id of a run.'],
  [
    'a.json',
    written({ rates: { currency: 'EUR' } }),
    'rates.basis: Invalid option: expected one of "usage"|"requests"|"limits".',
  ],
  ['a.json', written({ axis: { start: 1, step: 0, count: 1 } }), 'axis.step: Too small: expected number to be >0.'],
  [
    'a.json',
    written({ figures: { p95: [{ labels: {}, values: ['1'] }] } }),
    'figures.p95[0].values: must be a list of numbers and nulls.',
  ],
  [
    'a.json',
    written({
      endpoints: [{ name: 'a', requests: 1, failed: 0, latency: [{ at: 1, count: 1, sum: 1, buckets: [[1, 2]] }] }],
    }),
    'endpoints[0].latency[0].buckets: must be a list of [lower bound, upper bound, how many].',
  ],
])('%s that holds something else is refused in one line: %#', (name, content, message) => {
  writeFileSync(at(name), content);
  expect(() => readArchive(at(name))).toThrow(new ArchiveError(`${at(name)}: ${message}`));
});

test('a file that is cut short, is not there, or is a folder is refused', async () => {
  await writeArchive(at('run.json.gz'), archiveOf());
  truncateSync(at('run.json.gz'), 200);
  expect(() => readArchive(at('run.json.gz'))).toThrow(/is cut short: copy it again/);
  expect(() => readArchive(at('none.json'))).toThrow(/none.json: no such file.$/);
  expect(() => readArchive(folder)).toThrow(/cannot be read: it is a folder.$/);
});

test('a disk that is full leaves what was there, and nothing half-written', async () => {
  await writeArchive(at('run.json.gz'), archiveOf());
  const before = readFileSync(at('run.json.gz'));
  const { open } = files;
  jest.spyOn(files, 'open').mockImplementation(async (...args) => {
    const handle = await open(...args);
    await handle.write('half of it');
    handle.createWriteStream = () =>
      new Writable({
        write: (_chunk, _encoding, done) =>
          void handle.close().then(() => done(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }))),
      }) as ReturnType<typeof handle.createWriteStream>;
    return handle;
  });
  await expect(writeArchive(at('run.json.gz'), archiveOf('browse-1', 5))).rejects.toThrow(
    `${at('run.json.gz')}: there is no space left on the disk, and nothing was written: make room, or name another folder.`,
  );
  expect(readdirSync(folder)).toEqual(['run.json.gz']);
  expect(readFileSync(at('run.json.gz'))).toEqual(before);
});

test('a folder that is none is said to be', async () => {
  writeFileSync(at('file'), '');
  for (const name of ['file/run.json', 'none/run.json'])
    await expect(writeArchive(at(name), archiveOf())).rejects.toThrow(
      `${at(name)}: there is no such folder: make it first, or name another.`,
    );
});
