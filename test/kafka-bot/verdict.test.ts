import type { Status } from '../../bots/kafka-bot/observer.ts';
import type { Findings } from '../../bots/kafka-bot/proof/verifier.ts';
import { resultOf, summaryOf } from '../../bots/kafka-bot/summary.ts';
import { type Evidence, verdictOn } from '../../bots/kafka-bot/verdict.ts';

/** What a bot ends as, by what it found. */

const sent: Status = {
  due: 1000,
  acknowledged: 1000,
  failed: 0,
  dropped: 0,
  backlog: 0,
  oldestSeconds: 0,
  targetRate: 0,
};
const counts = {
  received: 1000,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  sent: 1000,
  acknowledged: 1000,
  lost: 0,
  unacknowledgedArrived: 0,
};
const proof = (changes: Partial<typeof counts>, doubts: string[] = []): Findings => ({
  total: { ...counts, ...changes },
  topics: new Map(),
  losses: [],
  doubts,
  foreign: 0,
});
const group = { group: 'fulfilment', lag: { messages: 7, seconds: 3 }, peak: { messages: 90, seconds: 8 } };
const well: Evidence = { delivery: { idempotent: true }, sent, proof: proof({}), stopped: false };

test.each<[string, Partial<Evidence>, string, RegExp]>([
  ['all is well', {}, 'pass', /^$/],
  ['messages are lost', { proof: proof({ lost: 2 }) }, 'fail', /no acknowledged message is lost is broken: 2 of 1000/],
  ['messages are changed', { proof: proof({ corrupted: 1 }) }, 'fail', /what was sent is broken: 1 of 1000/],
  ['messages are doubled', { proof: proof({ duplicated: 1 }) }, 'fail', /twice is broken: 1 are/],
  ['messages are out of order', { proof: proof({ reordered: 3 }) }, 'fail', /in order is broken: 3 are not/],
  [
    'nobody has promised order',
    { delivery: { idempotent: false }, proof: proof({ duplicated: 1, reordered: 1 }) },
    'pass',
    /^$/,
  ],
  ['one in a hundred is given up', { sent: { ...sent, acknowledged: 990, failed: 10 } }, 'pass', /^$/],
  ['more are given up', { sent: { ...sent, acknowledged: 989, failed: 11 } }, 'fail', /11 of 1000 were given up/],
  ['more are never sent', { sent: { ...sent, acknowledged: 989, dropped: 11 } }, 'invalid', /11 of 1000 .* never sent/],
  ['nothing comes due', { sent: { ...sent, due: 0, acknowledged: 0 } }, 'invalid', /nothing came due/],
  [
    'more are never sent, and why is known',
    { sent: { ...sent, acknowledged: 900, dropped: 100, lastFailure: 'the disk is full' } },
    'invalid',
    /never sent.*: the disk is full/,
  ],
  ['nothing is acknowledged', { sent: { ...sent, acknowledged: 0 } }, 'invalid', /acknowledged nothing/],
  ['the proof is none', { proof: proof({}, ['partition 3 was not read']) }, 'invalid', /partition 3 was not read/],
  ['it was stopped', { stopped: true }, 'invalid', /stopped/],
  ['a group is through', { groups: [{ ...group, drainedIn: 4 }] }, 'pass', /^$/],
  ['a group is not through', { groups: [group] }, 'fail', /group fulfilment .* is broken: 7 messages are left/],
  ['a group cannot be asked', { groups: [{ ...group, failure: 'no broker' }] }, 'invalid', /no broker/],
  [
    'something is lost, and nothing proved',
    { proof: proof({ lost: 2 }, ['a gap']), stopped: false },
    'invalid',
    /a gap/,
  ],
])('%s: %#', (_, changes, verdict, reasons) => {
  const found = verdictOn({ ...well, ...changes });
  expect({ verdict: found.verdict, reasons: found.reasons.join('; ') }).toEqual({
    verdict,
    reasons: expect.stringMatching(reasons),
  });
});

describe('what a coordinator reads', () => {
  const run = { testid: 'friday-1', service: '', producer: 0, producers: 1 };
  const summary = (evidence: Evidence) =>
    summaryOf({ run, role: 'produce', verdict: verdictOn(evidence), proof: evidence.proof });

  test('is what a runner of k6 leaves, with the checks', () => {
    const sending = { ...sent, seconds: 10, retries: 1, breakerOpened: 0, peakBacklog: { messages: 5, seconds: 0.1 } };
    const { verdict, ...rest } = summaryOf({ run, role: 'both', verdict: verdictOn(well), sending });
    expect(rest.sent?.rate).toEqual({ asked: 100, reached: 100 });
    expect(JSON.parse(resultOf({ verdict, ...rest }))).toMatchObject({
      requests: 1000,
      failed: 0,
      iterations: 1000,
      dropped: 0,
      broken: [],
      findings: expect.arrayContaining([expect.objectContaining({ state: 'held' })]),
    });
  });

  test('is a line for people where nothing can be said', () => {
    expect(resultOf(summary({ ...well, stopped: true }))).toBe('it was stopped before its time');
  });

  test('fits into the status of a pod, whatever there is to say', () => {
    const groups = Array.from({ length: 40 }, (_, index) => ({ ...group, group: `${'g'.repeat(40)}${index}` }));
    const text = resultOf(summary({ ...well, groups }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(resultOf(summary({ ...well, proof: proof({}, ['x'.repeat(9000)]) })).length).toBeLessThanOrEqual(4096);
  });
});
