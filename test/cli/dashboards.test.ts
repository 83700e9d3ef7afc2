import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dashboards } from '../../dashboards/index.ts';
import { targets } from '../../exporters/index.ts';
import { configOf, fullConfig, operatorConfig } from '../stack-fixture.ts';

/** `loadscope dashboards export` as a process: its exit code, what it says, and the folder it leaves. */

const root = join(import.meta.dirname, '../..');
let folder: string;
const exported = () => join(folder, 'out');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function loadscope(config: unknown, args: string[] = ['out'], before = '') {
  writeFileSync(join(folder, 'loadscope.yaml'), stringify(config));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${before} exec "$@"`,
      '',
      process.execPath,
      join(root, 'cli/loadscope.cjs'),
      'dashboards',
      'export',
      ...args,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stdout, message: stderr };
}

const contents = () =>
  Object.fromEntries(readdirSync(exported()).map((file) => [file, readFileSync(join(exported(), file), 'utf8')]));

test('writes each dashboard under its uid, indented, and the exceptions of the linter', () => {
  const expected = dashboards(configOf(fullConfig), targets(configOf(fullConfig)));
  expect(loadscope(fullConfig)).toEqual({ status: 0, stdout: '', message: `out: ${expected.length} dashboards\n` });
  const { '.lint': exceptions, ...files } = contents();
  expect(exceptions).toBe(readFileSync(join(root, 'dashboards/.lint'), 'utf8'));
  expect(Object.keys(files)).toEqual(expected.map(({ uid }) => `${uid}.json`).sort());
  for (const dashboard of expected) {
    const text = files[`${dashboard.uid}.json`] ?? '';
    expect(JSON.parse(text)).toEqual({ ...JSON.parse(JSON.stringify(dashboard)), id: null });
    expect(text).toMatch(/^\{\n {2}"id": null,\n.*\n\}\n$/s);
  }
  // A second time the same, and files of others stay.
  writeFileSync(join(exported(), 'mine.json'), '{}');
  expect(loadscope(fullConfig).status).toBe(0);
  expect(contents()).toEqual({ ...files, '.lint': exceptions, 'mine.json': '{}' });
});

test('needs no more than a data source in Grafana, which can be named', () => {
  const datasource = (...args: string[]) => {
    expect(loadscope(fullConfig, ['out', ...args]).status).toBe(0);
    const { templating, __inputs } = JSON.parse(contents()['load-test-overview.json'] ?? '');
    expect(__inputs).toBeUndefined();
    return templating.list.find(({ type }: { type: string }) => type === 'datasource').current;
  };
  expect(datasource()).toBeUndefined();
  expect(datasource('--datasource', 'mimir')).toEqual({ selected: true, text: 'mimir', value: 'mimir' });
});

test('asks for the series of the stack only, where the Prometheus is the cluster’s', () => {
  expect(loadscope(operatorConfig).status).toBe(0);
  expect(contents()['load-test-overview.json']).toContain('container_memory_working_set_bytes{job=\\"containers\\",');
});

describe('says in one line what is wrong, and leaves the folder as it was', () => {
  beforeEach(() => {
    expect(loadscope(fullConfig).status).toBe(0);
    writeFileSync(join(exported(), 'load-test-overview.json'), 'old');
  });

  const refused = (found: { status: number | null; message: string }, message: RegExp) => {
    expect(found).toMatchObject({ status: 2, message: expect.stringMatching(message) });
    expect(found.message.trim().split('\n')).toHaveLength(1);
  };

  test.each([
    ['a config with a mistake', { namespace: 'A' }, /^error: loadscope\.yaml:1:12: namespace: must be a DNS label/],
    [
      'a stack that the synth refuses',
      { services: Array.from({ length: 2000 }, (_, at) => ({ name: `s${at}`, namespace: `n${at}`, port: 1 })) },
      /^error: ConfigMap "prometheus-config" has \d+ KiB/,
    ],
  ])('%s', (_, config, message) => {
    const before = contents();
    refused(loadscope(config), message);
    expect(contents()).toEqual(before);
  });

  test('a disk that fills up halfway', () => {
    const before = contents();
    // A limit on the size of files is the nearest thing to a full disk that needs no disk.
    const found = loadscope(fullConfig, ['out'], "trap '' XFSZ; ulimit -f 40;");
    refused(found, /^error: out: nothing is written: (EFBIG|.*file too large)/);
    expect(contents()).toEqual(before);
  });

  test('a folder where a file should be', () => {
    rmSync(join(exported(), 'loadscope-zipkin.json'));
    mkdirSync(join(exported(), 'loadscope-zipkin.json'));
    const names = readdirSync(exported());
    refused(loadscope(fullConfig), /^error: out: nothing is written: out\/loadscope-zipkin\.json is a folder$/m);
    expect(readdirSync(exported())).toEqual(names);
    expect(readFileSync(join(exported(), 'load-test-overview.json'), 'utf8')).toBe('old');
  });

  test('exceptions of somebody else', () => {
    writeFileSync(join(exported(), '.lint'), 'exclusions: {}\n');
    const before = contents();
    refused(
      loadscope(fullConfig),
      /^error: out: nothing is written: out\/\.lint is not from an earlier export; move it/,
    );
    expect(contents()).toEqual(before);
  });

  test('a file in the place of the folder', () => {
    writeFileSync(join(folder, 'file'), 'mine');
    refused(loadscope(fullConfig, ['file']), /^error: file: nothing is written: (ENOTDIR|EEXIST)/);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  test('no folder, and a flag that there is not', () => {
    refused(loadscope(fullConfig, []), /^error: missing required argument 'dir'/);
    refused(loadscope(fullConfig, ['out', '--datsource', 'x']), /^error: unknown option '--datsource'/);
  });
});
