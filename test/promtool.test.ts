import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { addSeries, type Catalogue } from '../contract/catalogue.ts';
import { check } from '../contract/check.ts';
import { expressionsOf } from '../contract/dashboard.ts';
import { interpolate } from '../contract/interpolate.ts';
import { parse } from '../contract/parse.ts';
import { writtenQueries } from '../synth/written-queries.ts';
import { demoConfig, fullConfig } from './config-fixture.ts';
import { accepted } from './contract-cases.ts';
import { mutationsOf } from './mutants.ts';
import { manifestsOf } from './stack-fixture.ts';
import { findTool, testWithTool } from './tool.ts';

/** The parser of the metric contract against that of Prometheus. */

const promtool = findTool('promtool', '--version');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The expressions that Prometheus does not parse. */
function refused(expressions: readonly string[]): string[] {
  const file = join(folder, 'rules.yml');
  const rules = expressions.map((expr, index) => ({ record: `expression_${index}`, expr }));
  writeFileSync(file, stringify({ groups: [{ name: 'all', rules }] }, { lineWidth: 0 }));
  const { status, output = '' } = promtool?.('check', 'rules', file) ?? {};
  const numbers = [...output.matchAll(/group "all", rule (\d+), /g)].map(([, number]) => Number(number));
  expect(status).toBe(numbers.length ? 1 : 0);
  return [...new Set(numbers)].map((number) => expressions[number - 1] ?? '');
}

const { dashboards, rules } = writtenQueries(manifestsOf(demoConfig));
const written = [
  ...dashboards.flatMap(expressionsOf).map(({ text, variables }) => interpolate(text, variables)),
  ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
];

testWithTool(promtool)('every query that the contract accepts is one that Prometheus parses', () => {
  expect(written.length).toBeGreaterThan(20);
  expect(refused([...written, ...accepted])).toEqual([]);
  // The test itself can fail.
  expect(refused([...accepted, 'sum(', 'up'])).toEqual(['sum(']);
});

testWithTool(promtool)('of queries with mistakes, both parse the same', () => {
  const texts = [...mutationsOf(fullConfig)].flatMap(({ text }) => (text ? [interpolate(text, new Map())] : []));
  const ours = texts.filter((text) => parse(text).mistakes.length > 0);
  expect(ours.length).toBeGreaterThan(50);
  expect(refused(texts)).toEqual(ours);
});

/** Regular expressions and escapes in which Go and JavaScript differ, and parts of the language that are experimental. */
const doubtful = [
  ...[
    '(?!a)',
    '(?<=a)b',
    '(a)\\\\1',
    '(?i)a',
    '(?i:a)b',
    '(?P<n>a)',
    '\\\\y',
    '\\\\-',
    '\\\\d',
    '[[:alpha:]]',
    '\\\\pL',
    'a**',
    'a{,2}',
    '(',
    ')',
  ].map((pattern) => `up{a=~"${pattern}"}`),
  ...['\\d', '\\|', "\\'", '\\"', '\\x41', '\\u0041', '\\101', '\\\\'].map((text) => `up{a="${text}"}`),
  ...['mad_over_time(up[1m])', 'sort_by_label(up, "a")', 'limitk(1, up)', 'info(up)'],
  ...['rate(up[1m] smoothed)', 'up + fill(0) up', 'up[-1m]'],
  ...['up offset -1m', 'up + -up offset 1m', '(up + up) offset 1m', 'rate(-up[1m])', 'up @ end()', 'up{a=~`\\d`}'],
];

const catalogue: Catalogue = new Map();
addSeries(catalogue, 'up', { labels: new Set(['a']), sample: 'number' });

testWithTool(promtool)('what the two could judge differently, they do not', () => {
  const ours = doubtful.filter(
    (text) => check({ where: '', text, shows: 'series', labels: [], variables: new Map() }, catalogue).mistakes.length,
  );
  expect(refused(doubtful)).toEqual(ours);
});
