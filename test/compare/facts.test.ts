import type { RunArchive } from '../../archive/archive.ts';
import { comparisonOf } from '../../compare/compare.ts';
import { differencesOf, mixedIn } from '../../compare/facts.ts';
import { archiveWith } from '../report/archive-fixture.ts';
import { simulated } from './simulated.ts';

/** What the sides differ in, and what of it makes a comparison invalid. */

const healthy = archiveWith();
const withRun = (run: Partial<RunArchive['run']>) => archiveWith({ run: { ...healthy.run, ...run } });
const withEnvironment = (environment: Partial<RunArchive['environment']>) =>
  archiveWith({ environment: { ...healthy.environment, ...environment } });
const [service] = healthy.environment.services;
if (!service) throw new Error('the fixture has no service');

test('runs of the same build, load and cluster differ in nothing, whatever they measured and whenever', () => {
  const other = {
    ...withRun({ testid: 'run-2', start: 5, end: 10, launched: '2026-01-01T00:00:00.000Z' }),
    figures: {},
  };
  expect(differencesOf([healthy], [other])).toEqual([]);
});

test.each([
  ['another load test', withRun({ loadTest: 'checkout' }), 'load test', 'load test'],
  ['more users', withRun({ vus: 40 }), 'load', 'vus'],
  ['another think time', withEnvironment({ options: { thinkMs: '5' } }), 'load', 'thinkMs'],
  [
    'another image',
    withEnvironment({ services: [{ ...service, image: 'shop:2' }] }),
    'build',
    'image of shop/shopping-service',
  ],
  ['another config', withEnvironment({ configHash: 'b' }), 'build', 'config'],
  [
    'another limit',
    withEnvironment({ services: [{ ...service, cpuLimit: 2 }] }),
    'environment',
    'resources of shop/shopping-service',
  ],
  [
    'more replicas',
    withEnvironment({ services: [{ ...service, replicas: 2 }] }),
    'environment',
    'replicas of shop/shopping-service',
  ],
  ['another commit', withEnvironment({ commit: 'abc' }), 'environment', 'commit'],
  ['other nodes', withEnvironment({ nodes: [] }), 'environment', 'nodes'],
  [
    'a newer k6',
    withEnvironment({ versions: { ...healthy.environment.versions, k6: '2.0.0' } }),
    'environment',
    'version of k6',
  ],
])('%s', (_, other, kind, what) => {
  expect(differencesOf([healthy], [other])).toEqual([expect.objectContaining({ kind, what })]);
});

test('differences that prevent a comparison come first', () => {
  const other = {
    ...withEnvironment({ commit: 'abc', configHash: 'b' }),
    run: { ...healthy.run, vus: 1, profile: 'heavy' },
  };
  expect(differencesOf([healthy], [other]).map(({ kind }) => kind)).toEqual([
    'load test',
    'load',
    'build',
    'environment',
  ]);
});

test('runs of one side have to be of one build and load, not on one cluster', () => {
  expect(mixedIn([healthy, withEnvironment({ configHash: 'b', commit: 'c' })]).map(({ what }) => what)).toEqual([
    'config',
  ]);
});

describe('is invalid, with the reason and without states', () => {
  const before = simulated({ seed: 1, endpoints: 2, slices: 20 });
  const after = simulated({ seed: 2, endpoints: 2, slices: 20, slower: 1 });
  test.each([
    [
      'another load',
      { run: { ...after.run, vus: 40 } },
      /another load, so latency is not comparable: vus is 20 and 40/,
    ],
    ['another scenario', { run: { ...after.run, scenario: 'checkout' } }, /not runs of the same load test: scenario/],
    [
      'no histograms',
      { endpoints: after.endpoints.map((one) => ({ ...one, latency: [] })) },
      /Run run-2 of the candidate has no latency histograms/,
    ],
    [
      'nothing was asked after the warm-up',
      { endpoints: after.endpoints.map((one) => ({ ...one, latency: one.latency.slice(0, 2) })) },
      /Run run-2 of the candidate has no request after its warm-up/,
    ],
    [
      'a run that ended early',
      { run: { ...after.run, end: after.run.start + 100 } },
      /The runs lasted for 200 s and 100 s, so they had another load/,
    ],
    [
      'more users than before, and nobody knows how many were asked for',
      { run: { ...after.run, vus: undefined, rate: undefined }, figures: { vus: [{ labels: {}, values: [30] }] } },
      /The runs had 20 and 30 virtual users at most, so they had another load/,
    ],
    [
      'a run that is invalid',
      {
        verdict: {
          ...(healthy.verdict as NonNullable<RunArchive['verdict']>),
          verdict: 'invalid',
          reasons: ['too little CPU'],
        },
      },
      /Run run-2 is invalid: too little CPU/,
    ],
  ] as [string, Partial<RunArchive>, RegExp][])('%s', (_, changes, reason) => {
    const found = comparisonOf([before], [{ ...after, ...changes }], { failOn: 0.05 });
    expect(found.verdict).toBe('invalid');
    expect(found.reasons.join()).toMatch(reason);
    expect(found.endpoints.map(({ state }) => state)).toEqual([null, null]);
  });

  test('another duration, said once', () => {
    const other = { ...after, run: { ...after.run, duration: 100, end: after.run.start + 100 } };
    expect(comparisonOf([before], [other], { failOn: 0.05 }).reasons).toEqual([
      expect.stringMatching(/duration is 200 and 100/),
    ]);
  });

  test('a repetition of which no endpoint is known', () => {
    const unknown = { ...simulated({ seed: 3, endpoints: 2, slices: 20 }), endpoints: [], verdict: null };
    const found = comparisonOf([before], [after, unknown], { failOn: 0.05 });
    expect(found.verdict).toBe('invalid');
    expect(found.reasons).toEqual([expect.stringMatching(/^Run run-3 of the candidate has no latency histograms/)]);
  });

  test('repetitions that are none', () => {
    const other = {
      ...simulated({ seed: 3, endpoints: 2, slices: 20 }),
      environment: { ...after.environment, configHash: 'b' },
    };
    const found = comparisonOf([before], [after, other], { failOn: 0.05 });
    expect(found.reasons.join()).toMatch(/runs of the candidate are no repetitions of each other: config differs/);
  });
});
