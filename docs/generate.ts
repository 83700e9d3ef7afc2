import { readFileSync, writeFileSync } from 'node:fs';
import { type Fault, faults } from '../demo/faults.ts';
import { type ScenarioFacts, scenarios } from '../k6-jobs/catalogue.ts';
import { type Profile, profiles } from '../k6-jobs/profiles.ts';
import { configJsonSchema } from '../model/config.ts';

/**
 * Writes what is made from the code: the JSON Schema of the config for editors and its table for people, the table of
 * the demo's faults, and those of scenarios and profiles. With `--check` it writes nothing and fails where a file is
 * not what it would write.
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
  number: 'number',
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
  value === undefined || (typeof value === 'object' && JSON.stringify(value).length < 3)
    ? ''
    : `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``;

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

const parameter = ([name, { description, default: value, minimum, maximum }]: [string, Fault['parameters'][string]]) =>
  `\`${name}\`: ${description} ${value} unless given, from ${minimum} to ${maximum}.`;

const scenarioRow = ([name, facts]: [string, ScenarioFacts]) => {
  const { description, paced, writes, users, parameters, endpoints } = facts;
  const chosen = Object.entries(parameters).map(([parameter, value]) => `\`${parameter}\` ${value}`);
  const cells = [
    `\`${name}\``,
    description,
    `\`${paced}\``,
    writes ? 'yes' : '',
    users ? 'yes' : '',
    chosen.join(', '),
    endpoints.map((endpoint) => `\`${endpoint}\``).join(', '),
  ];
  return tableRow(cells);
};

const shapes: Readonly<Record<Profile['shape'], string>> = {
  steady: 'level',
  spike: 'a tenth, all at once, a tenth again',
  stairs: 'up in five steps',
  ramp: 'up',
};

const lengthOf = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;

const profileRow = ([name, { vus, rate, duration, shape, untilBroken }]: [string, Profile]) =>
  tableRow([
    `\`${name}\``,
    `${vus}`,
    `${rate}`,
    lengthOf(duration),
    `${shapes[shape]}${untilBroken ? ' until a threshold breaks, which ends the run' : ''}`,
  ]);

const tableRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ');

const table = (heads: readonly string[], body: readonly string[]) =>
  [tableRow(heads), tableRow(heads.map(() => '---')), ...body].join('\n');

/** A page with what is made between its markers; the rest of it is written by hand. */
function filled(path: string, parts: Readonly<Record<string, string>>): string {
  let text = readFileSync(path, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name}: made by npm run generate -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${path} has no "${begin}" with "${end}" behind it`);
    text = `${text.slice(0, from)}${begin}\n\n${part}\n\n${text.slice(to)}`;
  }
  return text;
}

const files = {
  'docs/load-tests.md': filled('docs/load-tests.md', {
    scenarios: table(
      ['scenario', 'what it does', 'pace', 'writes', 'users log in', 'parameters', 'requests'],
      Object.entries(scenarios).map(scenarioRow),
    ),
    profiles: table(
      ['profile', '`vus`', '`rate` per second', 'duration', 'shape'],
      Object.entries(profiles).map(profileRow),
    ),
  }),
  'demo/faults.md': `# Faults of the demo

What can be made to fail, and what must then be found to be the bottleneck. Each stays as it is until it is switched off:
[README.md](README.md) says how. The metric stays at or under its bound in a healthy shop under load, and goes over it
while the fault is on; an end-to-end test holds both. This page is made by \`npm run generate\` from \`faults.ts\`.

${faults
  .map(
    ({ name, service, cause, bottleneck, parameters, evidence }: Fault) => `## ${name}

${cause}

- Switched on at: \`${service}\`
- Bottleneck: \`${bottleneck.resource}\` of \`${bottleneck.of}\`
${Object.entries(parameters)
  .map((entry) => `- ${parameter(entry)}\n`)
  .join('')}- At most ${evidence.atMost} in a healthy shop:

  \`\`\`promql
  ${evidence.query}
  \`\`\`
`,
  )
  .join('\n')}`,
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
| \`mysql[].adminSecret\` | \`username\`, \`password\` of a user who may create users and grant \`PROCESS\`, \`REPLICATION CLIENT\` (on MariaDB \`SLAVE MONITOR\` too) and \`SELECT\` on \`performance_schema\` |
| \`redis[].credentialsSecret\` | \`password\`, and \`username\` for a server with ACL users |
| \`kafka[].sasl.credentialsSecret\` | \`username\`, \`password\` |
| \`alerting.receivers[].slack.secret\` | \`url\` |
| \`alerting.receivers[].email.secret\` | \`password\` |
| \`alerting.receivers[].webhook.secret\` | \`url\` |
| \`alerting.receivers[].pagerduty.secret\` | \`routing-key\` |

A Secret that does not exist yet holds up only the pods that need it: they start by themselves once it is there. Alertmanager
starts without those of its receivers, and tells the others ([alerting.md](alerting.md)).
`,
};

const stale = Object.entries(files).filter(([path, text]) => {
  if (process.argv.includes('--check')) return readFileSync(path, 'utf8') !== text;
  writeFileSync(path, text);
  return false;
});
if (stale.length) {
  console.error(`${stale.map(([path]) => path).join(', ')}: not what the code says; run npm run generate`);
  process.exitCode = 1;
}
