import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from './kubectl.ts';

interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  type?: string | string[];
  format?: string;
  $ref?: string;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/**
 * Writes the JSON Schemas of what a cluster serves, in the layout that `kubeconform -schema-location` reads:
 * strict ones, which take no field that they do not know.
 *
 * @returns the location, with kubeconform's placeholders
 */
export async function writeSchemas(folder: string): Promise<string> {
  const { definitions } = JSON.parse(await kubectl('get', '--raw', '/openapi/v2')) as {
    definitions: Record<string, Schema>;
  };
  for (const [name, schema] of Object.entries(definitions)) {
    if (schema.properties && !schema.additionalProperties) schema.additionalProperties = false;
    // OpenAPI v2 has no word for a value of two types.
    if (schema.format === 'int-or-string' || name.endsWith('.api.resource.Quantity')) {
      schema.type = ['string', 'integer', 'number'];
      delete schema.format;
    }
  }
  writeFileSync(join(folder, 'definitions.json'), JSON.stringify({ definitions }));
  for (const [name, schema] of Object.entries(definitions))
    for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
      const suffix = [group.split('.')[0], version].filter(Boolean).join('-');
      writeFileSync(
        join(folder, `${kind}-${suffix}.json`.toLowerCase()),
        JSON.stringify({ $ref: `definitions.json#/definitions/${name}` }),
      );
    }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}
