import { scenarios as catalogue } from '../k6-jobs/catalogue.ts';
import { parseConfig } from '../model/config-file.ts';
import { service } from './config-mistakes.ts';

/** What `demo` in a config means. */

describe('the demo', () => {
  const scenarios = Object.keys(catalogue).map((name) => `demo-${name}`);
  const demo = (text: string) => parseConfig('shop.yaml', text).demo;
  const names = (text: string) => {
    const config = parseConfig('shop.yaml', text);
    return (['services', 'mysql', 'redis', 'kafka', 'loadTests'] as const).map((list) =>
      config[list].map(({ name }) => name),
    );
  };

  test('is off unless it is asked for', () => {
    expect(demo('namespace: a')).toBeUndefined();
    expect(demo('demo: false')).toBeUndefined();
    expect(names('demo: false')).toEqual([[], [], [], [], []]);
  });

  test('is complete when it is on, whatever is said of it', () => {
    const complete = {
      seed: { users: 1000, products: 1000, stock: 1000, points: 1e9, coupons: 1000, posts: 500, reviews: 100_000 },
    };
    expect(demo('demo: true')).toEqual(complete);
    expect(demo('demo: {}')).toEqual(complete);
    expect(demo('demo: {seed: {users: 5}, autoscaling: {maxReplicas: 2}}')).toEqual({
      autoscaling: { maxReplicas: 2 },
      seed: { ...complete.seed, users: 5 },
    });
  });

  test('comes into the lists of what is monitored and load-tested, after what is there', () => {
    expect(names(`{demo: true, services: [${service}], redis: [{name: r, address: "r:1"}]}`)).toEqual([
      [
        'a',
        'api-gateway',
        'auth-service',
        'shopping-service',
        'blog-service',
        'search-service',
        'notification-service',
      ],
      ['demo-mysql'],
      ['r', 'demo-redis'],
      ['demo-kafka'],
      scenarios,
    ]);
  });

  test('can be load-tested by what the user writes', () => {
    expect(
      names(
        'demo: true\nloadTests: [{name: x, scenario: browse, service: api-gateway, url: "http://api-gateway.loadscope-demo"}]',
      ).at(-1),
    ).toEqual(['x', ...scenarios]);
  });
});
