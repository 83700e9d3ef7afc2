import { readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../model/config.ts';

/**
 * Writes what is made from the config's schema: the JSON Schema for editors and the table for people. With
 * `--check` it writes nothing and fails where a file is not what it would write.
 */

interface Node {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
}

const schema = configJsonSchema() as Node;

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true` or `false`',
  object: 'map of labels',
};

function kind({ type = '', enum: choices, items, properties }: Node): string {
  if (typeof type !== 'string')
    return type.map((each) => kind({ type: each, ...(each === 'object' ? { properties } : {}) })).join(', or ');
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (items) return `list${items.properties ? '' : ' of text'}`;
  return properties ? 'map' : (words[type] ?? '');
}

const fallback = (value: unknown) =>
  value === undefined || (typeof value === 'object' && JSON.stringify(value).length < 3) ? '' : `\`${value}\``;

function rows(node: Node, prefix: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const required = node.required?.includes(name) ? 'required' : fallback(field.default);
    return [
      `| \`${path}\` | ${kind(field)} | ${required} | ${field.description ?? ''} |`,
      ...rows(field, `${path}.`),
      ...(field.items ? rows(field.items, `${path}[].`) : []),
    ];
  });
}

const files = {
  'loadscope.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
  'docs/configuration.md': `# Configuration

\`loadscope.yaml\` says what differs between clusters, and what is monitored and load-tested. \`LOADSCOPE_CONFIG\`
names another file, and so does \`npm run synth -- --config FILE\` (\`cdk8s synth\` passes no flags on). An editor with a YAML language server completes and checks it by
\`loadscope.schema.json\`. \`examples/minimal.yaml\` and \`examples/full.yaml\` are tested.

This page is made by \`npm run generate\`.

| field | what | default | meaning |
| --- | --- | --- | --- |
${rows(schema, '').join('\n')}

## Secrets

The config names Secrets, and never holds what is in them. They are looked up in the namespace of the stack:

| field | keys |
| --- | --- |
| \`mysql[].credentialsSecret\` | \`username\`, \`password\` |
| \`mysql[].adminSecret\` | \`username\`, \`password\` of a user who may create users and grant \`PROCESS\`, \`REPLICATION CLIENT\` and \`SELECT\` on \`performance_schema\` |
| \`redis[].credentialsSecret\` | \`password\`, and \`username\` for a server with ACL users |
| \`kafka[].sasl.credentialsSecret\` | \`username\`, \`password\` |

A Secret that does not exist yet holds up only the pods that need it: they start by themselves once it is there.
`,
};

const stale = Object.entries(files).filter(([path, text]) => {
  if (process.argv.includes('--check')) return readFileSync(path, 'utf8') !== text;
  writeFileSync(path, text);
  return false;
});
if (stale.length) {
  console.error(`${stale.map(([path]) => path).join(', ')}: not what model/config.ts says; run npm run generate`);
  process.exitCode = 1;
}
