import { checkedQueries } from '../synth/publish.ts';
import { configOf, fullConfig } from './config-fixture.ts';

/** Budgets that nothing would ever be held against fail the synth, which says what there is. */

const mistakesOf = (budget: Record<string, string>, config: Record<string, unknown> = fullConfig): string[] => {
  try {
    checkedQueries(configOf({ ...config, budgets: [budget] }));
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

test.each<[string, Record<string, string>, string]>([
  [
    'requests that no scenario sends',
    { indicator: 'p95', bound: '1s', endpoint: 'product_lst' },
    'budgets: "p95 of endpoint product_lst": no load test sends "product_lst"; they send: product_list, product_detail',
  ],
  [
    'requests that no scenario sends to that service',
    { indicator: 'p95', bound: '1s', endpoint: 'product_list', service: 'auth' },
    'budgets: "p95 of service auth of endpoint product_list": no load test of auth sends "product_list"; they send: there is none',
  ],
  [
    'a service that there is not',
    { indicator: 'p95', bound: '1s', service: 'shp' },
    'budgets: "p95 of service shp": "shp" is not the name of any of services: shop, auth',
  ],
  [
    'what nothing measures',
    { indicator: 'loss', bound: '0' },
    'budgets: "loss": nothing that is monitored measures loss',
  ],
  [
    'a resource that nothing measures',
    { indicator: 'utilization', bound: '80%', resource: 'gpu' },
    'budgets: "gpu utilization": nothing measures utilization so; it is measured of: Containers cpu by service; Containers memory by service; MySQL mysql-connections; Redis redis-memory',
  ],
  [
    'an indicator by what it is not told apart by',
    { indicator: 'p95', bound: '1s', topic: 'orders' },
    'budgets: "p95 of topic orders": nothing measures p95 so; it is measured of: k6 by service, endpoint; Services by service, uri',
  ],
])('of %s', (_, budget, message) => {
  expect(mistakesOf(budget)).toEqual([message]);
});

test('of a system that is not monitored', () => {
  const lag = { indicator: 'lag', bound: '10', topic: 'orders' };
  expect(mistakesOf(lag)).toEqual([]);
  expect(mistakesOf(lag, { ...fullConfig, kafka: [] })).toEqual([
    'budgets: "lag of topic orders": nothing that is monitored measures lag',
  ]);
});

test('defaults are for whatever there is', () => {
  expect(() => checkedQueries(configOf({ services: [], loadTests: [] }))).not.toThrow();
});
