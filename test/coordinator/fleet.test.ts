import { fleetOf, isLost } from '../../bots/coordinator/fleet.ts';
import type { Runner } from '../../bots/coordinator/load.ts';
import { generators } from '../../runs/generator.ts';

/** What is made of what Kubernetes says of the runners' pods. */

const counted = { requests: 120, failed: 2, iterations: 60, dropped: 1, broken: ['http_req_duration: p(95)<=1000'] };
/** As k6 leaves it: with what is not read here. */
const left = { ...counted, checks: [{ name: 'answers 200', passes: 3, fails: 0 }] };

const ended = (exitCode: number, message = JSON.stringify(left), reason = 'Error'): Runner => ({
  index: 0,
  pod: 'browse-1-load-0-abcde',
  phase: exitCode === 0 ? 'Succeeded' : 'Failed',
  ended: { exitCode, reason, message },
});

test.each([0, 99])('a runner that ended with %d has done its work, and says what it counted', (exitCode) => {
  expect(isLost(ended(exitCode), generators.k6)).toBe(false);
  expect(fleetOf([ended(exitCode)], 1, generators.k6)).toEqual([{ ...counted, runner: '0' }]);
});

test.each([
  ['killed for its memory', ended(137, '', 'OOMKilled'), 'OOMKilled, exit code 137'],
  ['told to end, though it left a result', ended(105), 'exit code 105'],
  [
    'that found nobody',
    ended(107, 'level=error\nnothing answers at http://shop'),
    'exit code 107, nothing answers at http://shop',
  ],
])('one %s is lost, with the reason', (_, runner, missing) => {
  expect(isLost(runner, generators.k6)).toBe(true);
  expect(fleetOf([runner], 1, generators.k6)).toEqual([{ runner: '0', missing }]);
});

test.each([
  ['has not ended', { ...ended(0), ended: undefined }, /has not ended/],
  ['left something else than a result', ended(0, 'done'), /cannot be read: done/],
  ['left half a result', ended(0, '{"requests":'), /cannot be read/],
])('of one that %s, nothing is known', (_, runner, missing) => {
  expect(fleetOf([runner as Runner], 1, generators.k6)).toEqual([
    { runner: '0', missing: expect.stringMatching(missing) },
  ]);
});

test('one that never had a pod is missed', () => {
  expect(fleetOf([ended(0)], 2, generators.k6)).toEqual([
    { ...counted, runner: '0' },
    { runner: '2 of 2', missing: 'it had no pod' },
  ]);
});

test('what a bot found beside is handed on', () => {
  const findings = [{ name: 'nothing is lost', state: 'held', text: '' }];
  expect(fleetOf([ended(0, JSON.stringify({ ...counted, findings }))], 1, generators['kafka-bot'])).toEqual([
    { ...counted, findings, runner: '0' },
  ]);
});

test.each([
  [0, false],
  [1, false],
  [2, true],
  [99, true],
])('a Kafka bot that ended with %d: lost %s', (exitCode, lost) => {
  expect(isLost(ended(exitCode), generators['kafka-bot'])).toBe(lost);
});
