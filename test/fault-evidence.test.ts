import { catalogueOf } from '../contract/catalogue.ts';
import { check } from '../contract/check.ts';
import { faults } from '../demo/faults.ts';
import { targets } from '../exporters/index.ts';
import { configOf } from './config-fixture.ts';

/** What the demo's faults are known by, held against what its services and systems expose. */

const catalogue = catalogueOf(targets(configOf({ demo: true })));

test.each(faults.map(({ name, evidence }) => [name, evidence.query]))('%s', (name, query) => {
  const { mistakes } = check(
    { where: name, text: query, shows: 'numbers', labels: [], variables: new Map() },
    catalogue,
  );
  // No panel: where there is nothing to divide, NaN is not over the bound either.
  expect(mistakes.filter((mistake) => !/the divisor .* can be 0/.test(mistake))).toEqual([]);
});
