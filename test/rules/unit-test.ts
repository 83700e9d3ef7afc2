import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Tool } from '../tool.ts';
import { questionOf, type RuleCase } from './case.ts';

/** A rule as Prometheus reads it, in part. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

/** The rules of these names, and all that they read, in their order. */
export function withWhatTheyRead<R extends Rule>(rules: readonly R[], wanted: (rule: R) => boolean): R[] {
  const found = new Set(rules.filter(wanted));
  for (const { expr } of found)
    for (const rule of rules)
      if (rule.record && new RegExp(`(?<![\\w:])${rule.record}(?![\\w:])`).test(expr)) found.add(rule);
  return rules.filter((rule) => found.has(rule));
}

/**
 * Writes what promtool evaluates rules on the series of cases by.
 *
 * @returns the files that `promtool test rules` takes, one for each interval
 */
export function writeUnitTest(folder: string, rules: readonly Rule[], cases: readonly RuleCase[]): string[] {
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'all', rules }] }, { lineWidth: 0 }));
  const intervals = new Set([usual, ...cases.map(({ interval = usual }) => interval)]);
  return [...intervals].map((interval) => {
    const tests = cases
      .filter((one) => (one.interval ?? usual) === interval)
      .map((one) => ({
        name: one.when,
        interval,
        input_series: Object.entries(one.series).map(([series, values]) => ({ series, values })),
        promql_expr_test: [{ eval_time: one.at ?? '5m', ...questionOf(one) }],
      }));
    const file = join(folder, `every-${interval}.yml`);
    // Fuzzy by the last bit, in which a sum differs with the order of its parts.
    const text = { rule_files: ['rules.yml'], evaluation_interval: interval, fuzzy_compare: true, tests };
    writeFileSync(file, stringify(text, { lineWidth: 0 }));
    return file;
  });
}

/** Between two samples and two evaluations. */
const usual = '15s';

/** Has promtool evaluate rules on the series of cases: its exit code, and what it says of those that came out otherwise. */
export function unitTest(promtool: Tool, rules: readonly Rule[], cases: readonly RuleCase[]) {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  try {
    return promtool('test', 'rules', ...writeUnitTest(folder, rules, cases));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
