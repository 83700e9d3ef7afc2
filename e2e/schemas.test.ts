import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../model/config-file.ts';
import { publish } from '../synth/publish.ts';
import { findTool, testWithTool } from '../test/tool.ts';
import { writeSchemas } from './lib/schemas.ts';

/** Manifests against the schemas that the cluster serves: no unknown field, no wrong type. */

const kubeconform = findTool('kubeconform', '-v');
let folder: string;
let location: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-schemas-'));
  location = await writeSchemas(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const conform = (path: string) => kubeconform?.('-strict', '-summary', '-schema-location', location, path);

testWithTool(kubeconform).each(['loadscope.yaml', 'examples/minimal.yaml', 'examples/full.yaml', 'examples/demo.yaml'])(
  '%s makes valid objects only',
  (config) => {
    const dist = join(folder, config.replaceAll('/', '-'));
    publish(readConfig(config), dist);
    const { status, output = '' } = conform(dist) ?? {};
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(readdirSync(dist).length).toBeGreaterThan(7);
  },
);

testWithTool(kubeconform)('an unknown field is noticed', () => {
  const file = join(folder, 'wrong.yaml');
  writeFileSync(file, 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selektor: {a: b}}\n');
  expect(conform(file)).toMatchObject({ status: 1, output: expect.stringContaining('selektor') });
});
