import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mutantsOf } from './mutants.ts';

/** The metric contract against mistakes in the real dashboards and rules; `npm run bench:mutants` prints the score. */

const config = parse(readFileSync(join(import.meta.dirname, '../examples/full.yaml'), 'utf8'));

test('of some hundred mistakes, it finds every one and says what it is', () => {
  const mutants = mutantsOf(config);
  expect(mutants.length).toBeGreaterThan(200);
  expect(mutants.filter(({ rejected }) => !rejected)).toEqual([]);
});
