import { runnerEnvironment } from '../../runs/runner-environment.ts';
import { settingsOf } from '../../runs/settings.ts';
import { traceIdPrefix } from '../../runs/traces.ts';
import { demoConfig } from '../config-fixture.ts';
import { manifestsOf, runnerOf } from '../stack-fixture.ts';

/** What a run's traces are known by, and what its runners are told of them. */

test('each run has a beginning of trace ids of its own, always the same', () => {
  const prefixes = Array.from({ length: 1000 }, (_, index) => traceIdPrefix(`browse-${index}`));
  expect(new Set(prefixes).size).toBe(1000);
  for (const prefix of prefixes) expect(prefix).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  expect(traceIdPrefix('browse-7')).toBe(prefixes[7]);
});

test('runners are told of the run, and each thing once', () => {
  const settings = settingsOf(
    {
      ...{ scenario: 'browse', profile: 'smoke', service: 'shop', url: 'http://shop', runners: 2, engine: 'jobs' },
      ...{ load: {}, parameters: { thinkMs: 5 } },
    },
    { loadTest: 'browse' },
  );
  const told = runnerEnvironment({ testid: 'a-run', url: 'http://shop', settings, barrierUrl: 'http://10.0.0.1:8080' });
  const values = Object.fromEntries(told.map(({ name, value }) => [name, value]));
  expect(Object.keys(values)).toHaveLength(told.length);
  expect(values).toMatchObject({
    TESTID: 'a-run',
    TRACE_PREFIX: traceIdPrefix('a-run'),
    BASE_URL: 'http://shop',
    PARAMETERS: '{"thinkMs":5}',
    RUNNERS: '2',
    BARRIER_URL: 'http://10.0.0.1:8080',
  });
  expect(JSON.parse(values.LOAD ?? '')).toEqual(settings.load);
});

test.each([
  [undefined, '0.1'],
  [0, '0'],
  [1, '1'],
  [0.005, '0.005'],
])('a share of %p of the requests is asked of runners as %s', (sampling, said) => {
  const config = { ...demoConfig, tracing: sampling === undefined ? {} : { sampling } };
  const { env } = runnerOf(manifestsOf(config), 'browse');
  expect(env).toContainEqual({ name: 'TRACE_SAMPLING', value: said });
});
