import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Mutant, mutantsOf } from '../test/mutants.ts';

/**
 * How many mistakes the metric contract finds: every operator of test/mutation-operators.ts on every query of
 * the dashboards and rules of examples/full.yaml. Prints those that it does not find, or takes for others.
 */

const started = performance.now();
const mutants = mutantsOf(parse(readFileSync('examples/full.yaml', 'utf8')));
const survivors = mutants.filter(({ rejected }) => !rejected);

const score = (some: readonly Mutant[]) => `${some.filter(({ rejected }) => rejected).length}/${some.length}`;
const operators = [...new Set(mutants.map(({ operator }) => operator))];
console.table(
  Object.fromEntries(
    operators.map((name) => [name, { 'rejected/total': score(mutants.filter(({ operator }) => operator === name)) }]),
  ),
);
console.log(`${score(mutants)} mutants rejected, in ${((performance.now() - started) / 1000).toFixed(1)} s`);
for (const { operator, change, mistakes } of survivors)
  console.log(`survived: ${operator}: ${change}\n${mistakes.join('\n')}`);
if (survivors.length) process.exitCode = 1;
