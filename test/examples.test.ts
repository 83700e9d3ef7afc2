import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../model/config-file.ts';
import { publish } from '../synth/publish.ts';
import { findTool, testWithTool } from './tool.ts';

const root = join(import.meta.dirname, '..');
const configs = ['loadscope.yaml', 'examples/minimal.yaml', 'examples/full.yaml'];

const kubeScore = findTool('kube-score', 'version');

/** What docs/security.md gives a reason for, by the words kube-score has for it. */
const justified = [...readFileSync(join(root, 'docs/security.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(
  ([, check]) => check,
);

describe.each(configs)('%s', (file) => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
    publish(readConfig(join(root, file)), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('makes a stack', () => {
    expect(readdirSync(folder).length).toBeGreaterThanOrEqual(8);
  });

  testWithTool(kubeScore)('gives kube-score nothing critical that docs/security.md does not justify', () => {
    const files = readdirSync(folder).map((name) => join(folder, name));
    const critical = (kubeScore?.('score', ...files, '-o', 'ci').output ?? '')
      .split('\n')
      .filter((line) => line.startsWith('[CRITICAL]'));
    expect(critical.length).toBeGreaterThan(0);
    expect(critical.filter((line) => !justified.some((check) => line.includes(check ?? '')))).toEqual([]);
  });
});

test('the example of every field has every field', () => {
  const text = readFileSync(join(root, 'examples/full.yaml'), 'utf8');
  const { properties } = JSON.parse(readFileSync(join(root, 'loadscope.schema.json'), 'utf8'));
  const keys = (node: { properties?: Record<string, unknown>; items?: unknown }): string[] =>
    Object.entries(node.properties ?? {}).flatMap(([key, field]) => [
      key,
      ...keys((field as { items?: object }).items ?? (field as object)),
    ]);
  const fields = keys({ properties }).filter((key) => !(key in properties.images.properties.overrides.properties));
  expect(fields.length).toBeGreaterThan(40);
  expect(fields.filter((field) => !new RegExp(`\\b${field}:`).test(text))).toEqual([]);
});

test('the schema and the configuration page are what the code says', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'docs/generate.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
