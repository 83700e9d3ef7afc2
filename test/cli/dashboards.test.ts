import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { dashboards as exportCommand } from '../../cli/dashboards.ts';
import { dashboards } from '../../dashboards/index.ts';
import { targets } from '../../exporters/index.ts';
import { configOf, fullConfig, operatorConfig } from '../config-fixture.ts';

/** `loadscope dashboards export`: the folder it leaves, and as a process: its exit code, and what it says. */

const root = join(import.meta.dirname, '../..');
let folder: string;
const exported = () => join(folder, 'out');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Paths of arguments are below the folder, which is left out of what a refusal says. */
async function run(config: unknown, args: string[] = ['out']): Promise<void> {
  writeFileSync(join(folder, 'loadscope.yaml'), stringify(config));
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  exportCommand(program);
  jest.spyOn(console, 'error').mockImplementation();
  const paths = args.map((arg, at) => (at === 0 ? join(folder, arg) : arg));
  await program.parseAsync(['dashboards', 'export', '--config', join(folder, 'loadscope.yaml'), ...paths], {
    from: 'user',
  });
}

/** The command as a process. */
function loadscope(config: unknown, before = '') {
  writeFileSync(join(folder, 'loadscope.yaml'), stringify(config));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `${before} exec "$@"`, '', process.execPath, join(root, 'cli/loadscope.cjs'), 'dashboards', 'export', 'out'],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stdout, message: stderr };
}

const contents = () =>
  Object.fromEntries(readdirSync(exported()).map((file) => [file, readFileSync(join(exported(), file), 'utf8')]));

test('writes each dashboard under its uid, indented, and the exceptions of the linter', async () => {
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
  await run(fullConfig);
  expect(contents()).toEqual({ ...files, '.lint': exceptions, 'mine.json': '{}' });
});

test('needs no more than a data source in Grafana, which can be named', async () => {
  const datasource = async (...args: string[]) => {
    await run(fullConfig, ['out', ...args]);
    const { templating, __inputs } = JSON.parse(contents()['load-test-overview.json'] ?? '');
    expect(__inputs).toBeUndefined();
    return templating.list.find(({ type }: { type: string }) => type === 'datasource').current;
  };
  expect(await datasource()).toBeUndefined();
  expect(await datasource('--datasource', 'mimir')).toEqual({ selected: true, text: 'mimir', value: 'mimir' });
});

test('asks for the series of the stack only, where the Prometheus is the cluster’s', async () => {
  await run(operatorConfig);
  expect(contents()['load-test-overview.json']).toContain('container_memory_working_set_bytes{job=\\"containers\\",');
});

describe('says in one line what is wrong, and leaves the folder as it was', () => {
  beforeEach(async () => {
    await run(fullConfig);
    writeFileSync(join(exported(), 'load-test-overview.json'), 'old');
  });

  async function refused(message: RegExp, config: unknown, args?: string[]): Promise<void> {
    const { message: said } = await run(config, args).then(
      () => new Error('nothing'),
      (error: Error) => error,
    );
    expect(said.replaceAll(`${folder}/`, '')).toMatch(message);
  }

  describe('as a process', () => {
    test.each([
      [
        'a config with a mistake',
        { namespace: 'A' },
        '',
        /^error: loadscope\.yaml:1:12: namespace: must be a DNS label.*\n$/,
      ],
      // A limit on the size of files is the nearest thing to a full disk that needs no disk.
      [
        'a disk that fills up halfway',
        fullConfig,
        "trap '' XFSZ; ulimit -f 40;",
        /^error: out: nothing is written: (EFBIG|.*file too large).*\n$/,
      ],
    ])('%s', (_, config, shell, message) => {
      const before = contents();
      expect(loadscope(config, shell)).toEqual({ status: 2, stdout: '', message: expect.stringMatching(message) });
      expect(contents()).toEqual(before);
    });
  });

  test('a stack that the synth refuses', async () => {
    const before = contents();
    const services = Array.from({ length: 2000 }, (_, at) => ({ name: `s${at}`, namespace: `n${at}`, port: 1 }));
    await refused(/^ConfigMap "prometheus-config" has \d+ KiB.*$/, { services });
    expect(contents()).toEqual(before);
  });

  test('a folder where a file should be', async () => {
    rmSync(join(exported(), 'loadscope-zipkin.json'));
    mkdirSync(join(exported(), 'loadscope-zipkin.json'));
    const names = readdirSync(exported());
    await refused(/^out: nothing is written: out\/loadscope-zipkin\.json is a folder$/, fullConfig);
    expect(readdirSync(exported())).toEqual(names);
    expect(readFileSync(join(exported(), 'load-test-overview.json'), 'utf8')).toBe('old');
  });

  test('exceptions of somebody else', async () => {
    writeFileSync(join(exported(), '.lint'), 'exclusions: {}\n');
    const before = contents();
    await refused(/^out: nothing is written: out\/\.lint is not from an earlier export; move it.*$/, fullConfig);
    expect(contents()).toEqual(before);
  });

  test('a file in the place of the folder', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    await refused(/^file: nothing is written: (ENOTDIR|EEXIST).*$/, fullConfig, ['file']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine');
  });

  test('no folder, and a flag that there is not', async () => {
    await refused(/^error: missing required argument 'dir'$/, fullConfig, []);
    await refused(/^error: unknown option '--datsource'$/m, fullConfig, ['out', '--datsource', 'x']);
  });
});
