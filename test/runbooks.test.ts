import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueOf } from '../contract/catalogue.ts';
import { check } from '../contract/check.ts';
import { ruleMistakes } from '../contract/rules.ts';
import { targets } from '../exporters/index.ts';
import { rulesOf } from './boards.ts';
import { configOf, demoConfig, operatorConfig } from './config-fixture.ts';

/** What to do about each alert: there is a page, it says what a page has to, and its queries ask for what there is. */

const folder = join(import.meta.dirname, '../docs/runbooks');
const pages = readdirSync(folder).map(
  (file) => [file.replace('.md', ''), readFileSync(join(folder, file), 'utf8')] as const,
);

const catalogue = catalogueOf(targets(configOf(demoConfig)));
ruleMistakes(rulesOf(demoConfig), catalogue);

const alertsOf = (config: unknown) =>
  rulesOf(config).groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])));

test('each alert has a page, and each page an alert', () => {
  // That of a Service whose pod is gone is made in operator mode only.
  const alerts = new Set([...alertsOf(demoConfig), ...alertsOf(operatorConfig), 'TargetMissing']);
  expect(pages.map(([name]) => name).sort()).toEqual([...alerts].sort());
});

test.each(pages)('%s', (name, page) => {
  expect(page.match(/^#+ .*$/gm)).toEqual([
    `# ${name}`,
    '## What it means',
    '## How to confirm',
    '## What to do',
    '## When to stop the load',
  ]);
  expect(page.split('\n').length).toBeLessThan(60);
  const queries = [...page.matchAll(/```promql\n([\s\S]+?)```/g)].map(([, query = '']) => query.trim());
  expect(queries.length).toBeGreaterThan(0);
  for (const text of queries)
    expect(
      check({ where: name, text, shows: 'condition', labels: [], variables: new Map() }, catalogue).mistakes,
    ).toEqual([]);
});
