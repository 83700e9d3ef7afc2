import { contractMistakes } from '../contract/index.ts';
import { targets } from '../exporters/index.ts';
import { figures, placesOf } from '../rules/figures.ts';
import { ruleFile } from '../rules/index.ts';
import { configOf, demoConfig, fullConfig } from './config-fixture.ts';

const of = (config: unknown) => {
  const read = configOf(config);
  return { config: read, targets: targets(read), figures: figures(targets(read)) };
};
const namesOf = (config: unknown) =>
  of(config)
    .figures.map(({ name }) => name)
    .sort();

const mistakesOf = (config: unknown, asked = of(config).figures) =>
  contractMistakes(
    of(config).targets,
    [],
    ruleFile(of(config).config, of(config).targets),
    asked.map(({ name, expr }) => ({ budget: name, job: 'archive', expr })),
  );

describe('what archives keep of a run', () => {
  test('is all there for the demo', () => {
    expect(namesOf(demoConfig)).toEqual([
      'call_rate',
      'calls',
      'client_mean',
      'cpu',
      'dropped',
      'error_ratio',
      'lag',
      'memory',
      'p50',
      'p90',
      'p95',
      'p99',
      'pressure',
      'produce_throttle',
      'requests',
      'restarts',
      'served',
      'server_errors',
      'stage',
      'verdict_score',
      'vus',
    ]);
  });

  test.each([
    ['the demo', demoConfig],
    ['load generators without native histograms', { ...demoConfig, nativeHistograms: false }],
    ['load tests alone', { services: fullConfig.services, loadTests: fullConfig.loadTests }],
    ['one service alone', { services: fullConfig.services }],
  ])('asks for what there is, with %s', (_, config) => {
    expect(mistakesOf(config)).toEqual([]);
  });

  test('a figure of a metric that there is not would be found', () => {
    expect(mistakesOf(demoConfig, [{ name: 'vus', expr: 'sum(k6_vuss{testid="$testid"})' }])).toEqual([
      expect.stringContaining('no metric "k6_vuss"'),
    ]);
  });

  test('leaves out what no target measures', () => {
    expect(namesOf({ services: fullConfig.services })).not.toEqual(expect.arrayContaining(['vus']));
    expect(namesOf({ services: fullConfig.services })).not.toEqual(expect.arrayContaining(['lag']));
    expect(namesOf({ services: fullConfig.services })).not.toEqual(expect.arrayContaining(['verdict_score']));
  });

  test('asks k6 and the Kafka bot alike for what both measure, each of the run alone', () => {
    const { figures: all } = of(demoConfig);
    for (const name of ['requests', 'error_ratio', 'dropped', 'p95']) {
      const { expr = '' } = all.find((figure) => figure.name === name) ?? {};
      expect(expr).toMatch(/k6_.* or .*kafka_bot_/);
      expect(expr.match(/testid="\$testid"/g)?.length).toBe(expr.match(/k6_|kafka_bot_/g)?.length);
    }
  });
});

test('resources that requests wait for have a place, and others none', () => {
  const places = placesOf(of(demoConfig).targets);
  expect(places['hikari-pool']).toEqual({ stage: 'pool-wait', depth: 2 });
  expect(places).not.toHaveProperty('kafka-consumer');
});
