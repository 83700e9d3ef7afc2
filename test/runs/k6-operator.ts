import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../stack-fixture.ts';

/** What k6-operator 0.0.19 makes of a TestRun, as far as tests ask. */

const modules = process.env.GOMODCACHE ?? join(process.env.GOPATH ?? join(homedir(), 'go'), 'pkg/mod');
const bundle = process.env.K6_OPERATOR_BUNDLE ?? join(modules, 'github.com/grafana/k6-operator@v0.0.19/bundle.yaml');

/** Schema of a TestRun; undefined where the operator's manifests are not on this machine. */
export const crd: Manifest | undefined = existsSync(bundle)
  ? parseAllDocuments(
      // The other definitions are of no use, and take seconds to read.
      readFileSync(bundle, 'utf8')
        .split(/^---$/m)
        .filter((text) => /^ {4}kind: TestRun$/m.test(text))
        .join('---\n'),
    )
      .map((document) => document.toJS())
      .find(({ kind }) => kind === 'CustomResourceDefinition').spec.versions[0].schema.openAPIV3Schema
  : undefined;

/** Fields that the API server would drop or refuse: `path: why`. */
export function unknownFields(schema: Manifest, value: unknown, path = ''): string[] {
  const at = (key: string | number) => (path ? `${path}.${key}` : String(key));
  if (schema['x-kubernetes-preserve-unknown-fields'] || path === 'metadata') return [];
  if (Array.isArray(value))
    return schema.type === 'array'
      ? value.flatMap((item, index) => unknownFields(schema.items, item, at(index)))
      : [`${path}: array, not ${schema.type}`];
  if (value !== null && typeof value === 'object') {
    const missing = (schema.required ?? []).filter((key: string) => !(key in value));
    return [
      ...missing.map((key: string) => `${at(key)}: missing`),
      ...Object.entries(value).flatMap(([key, child]) => {
        const known = schema.properties?.[key] ?? schema.additionalProperties;
        return known ? unknownFields(known, child, at(key)) : [`${at(key)}: unknown`];
      }),
    ];
  }
  const type = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
  const taken = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : [schema.type];
  if (!taken.includes(type)) return [`${path}: ${type}, not ${taken.join(' or ')}`];
  return schema.enum && !schema.enum.includes(value) ? [`${path}: none of ${schema.enum}`] : [];
}

/** Arguments of k6 that the operator also gives to `k6 archive`: an option, and what follows it without a "-". */
export function archiveArguments(text: string): string[] {
  const words = text.split(' ');
  const options = words.flatMap((word, index) => (word.startsWith('-') ? [index] : []));
  return options.flatMap((start, nth) => {
    const option = words.slice(start, options[nth + 1]);
    return ['-o', '--out', '-l', '--linger', '--no-usage-report', '-v', '--verbose'].includes(option[0] ?? '')
      ? []
      : option;
  });
}
