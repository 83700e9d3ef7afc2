import { loadTestMistakes } from '../synth/load-test-mistakes.ts';
import { publish } from '../synth/publish.ts';
import { configOf, fullConfig } from './config-fixture.ts';

/** Load tests that nobody could launch as they are written. */

const [browse] = fullConfig.loadTests;
const config = (changes: object) => configOf({ ...fullConfig, loadTests: [{ ...browse, ...changes }] });
const users = { secret: 's', name: 'u{n}', count: 3 };

test.each([
  [{}, []],
  [{ runners: 2 }, []],
  [{ runners: 4 }, [expect.stringMatching(/^loadTests: "browse": runners: 4 cannot share 2 virtual users/)]],
  [{ runners: 4, load: { vus: 4 } }, []],
  [{ users, load: { vus: 9 } }, [expect.stringMatching(/^loadTests: "browse": vus: 9 virtual users need as many/)]],
])('%j', (changes, mistakes) => {
  expect(loadTestMistakes(config(changes))).toEqual(mistakes);
});

test('fail the synth', () => {
  expect(() => publish(config({ runners: 4 }), '/nowhere')).toThrow(/cannot share/);
});
