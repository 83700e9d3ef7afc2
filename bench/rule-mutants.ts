import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rulesOf } from '../test/boards.ts';
import { demoConfig } from '../test/config-fixture.ts';
import { nameOf } from '../test/rules/case.ts';
import { cases } from '../test/rules/cases/index.ts';
import { type Mutation, mutationsOf } from '../test/rules/mutations.ts';
import { type Rule, withWhatTheyRead, writeUnitTest } from '../test/rules/unit-test.ts';

/**
 * How many mistakes in rules their tests find: each threshold a tenth larger or smaller, each operator another, each
 * matcher left out, one at a time, in every rule of the demo's stack. Prints those that no test finds.
 *
 * usage: npm run bench:rule-mutants -- [NAME]   (of the rules whose name has that in it; PROMTOOL says how to call promtool)
 */

const [command = 'promtool', ...before] = (process.env.PROMTOOL ?? 'promtool').split(' ');
const wanted = process.argv[2] ?? '';

interface Mutant extends Mutation {
  readonly rule: string;
  /** The rules that its tests take, with the mutated one among them. */
  readonly rules: readonly Rule[];
}

const rules: readonly Rule[] = rulesOf(demoConfig).groups.flatMap((group) => group.rules);
const nameOfRule = ({ alert, record }: Rule) => alert ?? record ?? '';
const tests = (name: string) => cases.filter((one) => nameOf(one) === name);

/** By the tests of the rule itself, or, where it only serves others, of those that read it. */
const mutants = rules.flatMap((rule, index): Mutant[] => {
  const name = nameOfRule(rule);
  if (!name.includes(wanted)) return [];
  return mutationsOf(rule.expr).map((mutation) => ({
    ...mutation,
    rule: name,
    rules: withWhatTheyRead(
      rules.map((other, place) => (place === index ? { ...rule, expr: mutation.expr } : other)),
      (other) => nameOfRule(other) === name,
    ),
  }));
});

/** Whether a test fails, or promtool refuses the rule. */
function killed({ rule, rules: read }: Mutant): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  return new Promise((resolve) => {
    execFile(command, [...before, 'test', 'rules', ...writeUnitTest(folder, read, tests(rule))], (error) => {
      rmSync(folder, { recursive: true });
      resolve(error !== null);
    });
  });
}

if (
  mutants[0] &&
  (await killed({ ...mutants[0], rules: withWhatTheyRead(rules, (rule) => nameOfRule(rule) === mutants[0]?.rule) }))
)
  throw new Error(
    `promtool is not to be had (PROMTOOL says how to call it), or the tests of ${mutants[0].rule} fail as they are`,
  );
const started = performance.now();
let kills = 0;
for (const name of new Set(mutants.map(({ rule }) => rule))) {
  const queue = mutants.filter(({ rule }) => rule === name);
  const total = queue.length;
  const survivors: Mutant[] = [];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift())
        if (!(await killed(mutant))) survivors.push(mutant);
    }),
  );
  kills += total - survivors.length;
  console.log(`${name}: ${total - survivors.length}/${total}`);
  for (const { change } of survivors) console.log(`  survived: ${change}`);
}

console.log(
  `${kills}/${mutants.length} mutants killed (${((100 * kills) / mutants.length).toFixed(1)} %), in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
if (kills < 0.95 * mutants.length) process.exitCode = 1;
