import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../model/config-file.ts';
import { publish } from '../synth/publish.ts';
import { findTool, testWithTool } from './tool.ts';

const root = join(import.meta.dirname, '..');
const configs = [
  'loadscope.yaml',
  'examples/minimal.yaml',
  'examples/full.yaml',
  'examples/demo.yaml',
  'examples/operator.yaml',
];

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
  interface Node {
    readonly properties?: Record<string, Node>;
    readonly items?: Node;
  }
  const schema: Node = JSON.parse(readFileSync(join(root, 'loadscope.schema.json'), 'utf8'));
  const example = parse(readFileSync(join(root, 'examples/full.yaml'), 'utf8'));
  // A list has a field when one of its entries has it.
  const missing = (node: Node, values: Record<string, unknown>[], path: string): string[] =>
    Object.entries(node.properties ?? {}).flatMap(([key, field]) => {
      const found = values.map((value) => value[key]).filter((value) => value !== undefined);
      if (found.length === 0) return [`${path}${key}`];
      return missing(field.items ?? field, found.flat() as Record<string, unknown>[], `${path}${key}.`);
    });
  // One image stands for all.
  expect(missing(schema, [example], '').filter((path) => !path.startsWith('images.overrides.'))).toEqual([]);
  expect(missing(schema, [{ ...example, mysql: [] }], '')).toContain('mysql.name');
});

test('the schema and the configuration page are what the code says', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'docs/generate.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
