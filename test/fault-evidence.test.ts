import { catalogueOf } from '../contract/catalogue.ts';
import { check } from '../contract/check.ts';
import { faults } from '../demo/faults.ts';
import { targets } from '../exporters/index.ts';
import { configOf } from './stack-fixture.ts';

/** What the demo's faults are known by, held against what its services and systems expose. */

const catalogue = catalogueOf(targets(configOf({ demo: true })));

/** The demo is a Node program where a Spring service would have a JVM; no target declares Node's own metrics. */
const ofNode = /\bnodejs_/;

const mistakesOf = (name: string, query: string) =>
  check({ where: name, text: query, shows: 'numbers', labels: [], variables: new Map() }, catalogue).mistakes;

test.each(
  faults.filter(({ evidence }) => !ofNode.test(evidence.query)).map(({ name, evidence }) => [name, evidence.query]),
)('%s', (name, query) => {
  // No panel: where there is nothing to divide, NaN is not over the bound either.
  expect(mistakesOf(name, query).filter((mistake) => !/the divisor .* can be 0/.test(mistake))).toEqual([]);
});

test('what is left out is what only Node has', () => {
  const left = faults.filter(({ evidence }) => ofNode.test(evidence.query));
  expect(left.flatMap(({ name, evidence }) => mistakesOf(name, evidence.query))).toEqual(
    left.map(() => expect.stringMatching(/no metric "nodejs_\w+"/)),
  );
});
