import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { readConfig } from '../model/config-file.ts';
import { manifestErrors } from '../synth/check.ts';
import { publish } from '../synth/publish.ts';

/** The folder that the app leaves, and as a process: its exit code, and what it says. */

const root = join(import.meta.dirname, '..');
let folder: string;
const dist = () => join(folder, 'dist');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configFile = () => join(folder, 'loadscope.yaml');

function write(config: unknown): void {
  if (config !== undefined) writeFileSync(configFile(), typeof config === 'string' ? config : stringify(config));
}

/** What main.ts does with a config, without a process for it. */
function make(config: unknown): string[] {
  write(config);
  return publish(readConfig(configFile()), dist());
}

/** main.ts itself. */
function synth(config: unknown, ...args: string[]) {
  write(config);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', 'tsx/cjs', '--eval', "require('./main.ts')", '--', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, LOADSCOPE_CONFIG: configFile(), CDK8S_OUTDIR: dist() },
    },
  );
  return { status, message: stderr.replaceAll(`${folder}/`, '') };
}

const contents = (path = dist()) =>
  Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]));

const shop = { services: [{ name: 'shop', namespace: 'shop', port: 8080 }] };

test('writes numbered manifests, the namespace first, and the same ones again', () => {
  expect(synth(shop)).toEqual({ status: 0, message: 'dist: 9 files\n' });
  const first = contents();
  expect(Object.keys(first).sort()[0]).toBe('0000-namespace.k8s.yaml');
  for (const text of Object.values(first))
    for (const document of parseAllDocuments(text)) expect(document.get('kind')).toBeTruthy();
  make(shop);
  expect(contents()).toEqual(first);
});

test('takes manifests away that the config no longer makes, and leaves the files of others', () => {
  make({ ...shop, loadTests: [{ name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop' }] });
  expect(Object.keys(contents()).join()).toContain('load-tests.k8s.yaml');
  writeFileSync(join(dist(), 'notes.yaml'), 'mine');
  writeFileSync(join(dist(), 'mine.k8s.yaml'), 'mine');
  make(shop);
  expect(Object.keys(contents()).join()).not.toContain('load-tests.k8s.yaml');
  expect(contents()).toMatchObject({ 'notes.yaml': 'mine', 'mine.k8s.yaml': 'mine' });
});

test('--config names another file than LOADSCOPE_CONFIG', () => {
  writeFileSync(join(folder, 'other.yaml'), stringify({ ...shop, namespace: 'other' }));
  expect(synth(shop, '--config', join(folder, 'other.yaml')).status).toBe(0);
  expect(contents()['0000-namespace.k8s.yaml']).toContain('name: other');
});

describe('refuses, with one message, and leaves the folder as it was', () => {
  function refusalOf(config: unknown): Error {
    try {
      make(config);
    } catch (error) {
      return error as Error;
    }
    throw new Error('it is not refused');
  }

  const manyServices = Array.from({ length: 2000 }, (_, index) => ({
    name: `s${index}`,
    namespace: `n${index}`,
    port: 1,
  }));

  test.each([
    ['a config that is missing', undefined, /^loadscope\.yaml: no such file\. Make it/],
    ['an empty one', '', /^loadscope\.yaml: is empty/],
    ['text that is not YAML', 'services: [', /^loadscope\.yaml:1:\d+: not YAML: /],
    ['a wrong type', { services: 3 }, /^loadscope\.yaml:1:11: services: must be a list, not 3$/m],
    [
      'two services of a name',
      { services: [...shop.services, ...shop.services] },
      /services\[1\]\.name: "shop" is already the name/,
    ],
    ['a name that is no DNS label', { namespace: 'A' }, /namespace: must be a DNS label/],
    [
      'a port that there is not',
      { services: [{ ...shop.services[0], port: 0 }] },
      /services\[0\]\.port: must be a port/,
    ],
    ['an unknown key', { sevices: [] }, /sevices: unknown key; did you mean "services"\?/],
    [
      'a name that makes too long an object',
      { redis: [{ name: 'r'.repeat(60), address: 'r:1' }] },
      /redis\[0\]\.name: must have at most 40 characters/,
    ],
  ])('%s', (_, config, message) => {
    make(shop);
    rmSync(configFile());
    const before = contents();
    const refused = refusalOf(config);
    expect(refused.name).toBe('ConfigError');
    expect(refused.message.replaceAll(`${folder}/`, '')).toMatch(message);
    expect(contents()).toEqual(before);
  });

  test.each([
    ['a mistake in the config', { services: 3 }, /^loadscope\.yaml:1:11: services: must be a list, not 3\n$/],
    [
      'more services than one stack holds',
      { services: manyServices },
      /^ConfigMap "prometheus-config" has \d+ KiB, and kubectl apply takes at most 256: prometheus\.yml takes \d+; .*\n$/,
    ],
  ])('%s, as a process', (_, config, message) => {
    make(shop);
    const before = contents();
    expect(synth(config)).toEqual({ status: 1, message: expect.stringMatching(message) });
    expect(contents()).toEqual(before);
  });

  test('a flag that there is not', () => {
    expect(synth(shop, '--confg', 'x')).toMatchObject({
      status: 1,
      message: expect.stringMatching(/Unknown option '--confg'.*\nusage: /s),
    });
  });

  test('a folder that cannot be written', () => {
    writeFileSync(dist(), 'a file');
    const { status, message } = synth(shop);
    expect(status).toBe(1);
    expect(message).toMatch(/ENOTDIR|EEXIST/);
    expect(readFileSync(dist(), 'utf8')).toBe('a file');
  });

  test('a disk that fills up halfway', () => {
    make(shop);
    const before = contents();
    // A limit on the size of files is the nearest thing to a full disk that needs no disk: the write of the largest manifest fails.
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" --require tsx/cjs --eval "require('./main.ts')"`, process.execPath],
      { cwd: root, encoding: 'utf8', env: { ...process.env, LOADSCOPE_CONFIG: configFile(), CDK8S_OUTDIR: dist() } },
    );
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(/EFBIG|file too large/) });
    expect(contents()).toEqual(before);
  });
});

test('`npx cdk8s synth` fills dist/, and a config that is refused leaves it as it was', () => {
  // The project under another folder, so that its own dist/ stays out of it.
  for (const entry of readdirSync(root).filter((name) => !name.startsWith('.') && name !== 'dist'))
    symlinkSync(join(root, entry), join(folder, entry));
  const cdk8s = (config: string) =>
    spawnSync(join(root, 'node_modules/.bin/cdk8s'), ['synth', '--check-upgrade=false'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, LOADSCOPE_CONFIG: join(root, config) },
    });
  expect(cdk8s('examples/minimal.yaml')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('0000-namespace.k8s.yaml'),
  });
  writeFileSync(join(dist(), 'notes.yaml'), 'mine');
  const before = contents();
  expect(Object.keys(before)).toContain('0000-namespace.k8s.yaml');
  const refused = cdk8s('package.json');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('package.json:2:3: name: unknown key');
  expect(contents()).toEqual(before);
});

describe('an object that a cluster would refuse is named', () => {
  const object = (kind: string, name: string, more = {}) => ({
    kind,
    metadata: { name, namespace: 'n', labels: {} },
    ...more,
  });

  test.each([
    [
      'a long name',
      object('Service', 's'.repeat(64)),
      /^Service "s+" has a name of 64 characters, at most 63 are allowed/,
    ],
    ['a long name of a CronJob', object('CronJob', 's'.repeat(53)), /at most 52 are allowed/],
    ['a name in capitals', object('Service', 'Shop'), /refuses: use lower-case/],
    [
      'a bad label',
      { ...object('Service', 's'), metadata: { name: 's', labels: { app: 'a b' } } },
      /has the label app="a b"/,
    ],
    ['a key with a folder', object('ConfigMap', 'c', { data: { 'a/b': '' } }), /has the key "a\/b"/],
    ['a dot in the name of a Service', object('Service', 'a.b'), /refuses: use lower-case/],
    [
      'one whose copy is too large, because kubectl writes "<" as six characters',
      object('ConfigMap', 'c', { data: { f: '<'.repeat(44 * 1024) } }),
      /has 265 KiB/,
    ],
    [
      'too large a ConfigMap of bytes',
      object('ConfigMap', 'c', { binaryData: { part: 'x'.repeat(256 * 1024) } }),
      /has 257 KiB.*part takes 256/,
    ],
    [
      'too large a ConfigMap',
      object('ConfigMap', 'c', { data: { f: 'x'.repeat(256 * 1024) } }),
      /has 257 KiB.*f takes 256/,
    ],
  ])('%s', (_, manifest, message) => {
    expect(manifestErrors([manifest])).toEqual([expect.stringMatching(message)]);
  });

  test('one that is there twice', () => {
    expect(manifestErrors([object('Service', 's'), object('Service', 's')])).toEqual([
      expect.stringMatching(/^Service "s" is there twice/),
    ]);
    expect(manifestErrors([object('Service', 's'), object('ConfigMap', 's')])).toEqual([]);
  });
});
