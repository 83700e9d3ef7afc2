import { type ScenarioFacts, type ScenarioName, scenarios } from '../k6-jobs/catalogue.ts';
import type { Config } from './config.ts';
import type { ConsistencyCheck } from './consistency.ts';
import type { WantedSecret } from './wanted-secret.ts';

/** The demo: a shop to load-test where there is none. Its parts by the names they have in its namespace. */

export const demoServices = [
  'api-gateway',
  'auth-service',
  'shopping-service',
  'blog-service',
  'search-service',
  'notification-service',
] as const;

type DemoService = (typeof demoServices)[number];

/** What the program of the demo can be run as: a service, or the Job that fills the shop. */
export type DemoRole = DemoService | 'seed';

/** Container ports of every service: what users call, and what monitors and steers it. */
export const demoPorts = { http: 8080, management: 8081 };

/** The systems behind the services, with their ports and who uses them. */
export const demoSystems = {
  mysql: {
    port: 3306,
    clients: ['auth-service', 'shopping-service', 'blog-service', 'notification-service', 'seed'],
  },
  redis: { port: 6379, clients: ['shopping-service'] },
  kafka: { port: 9092, clients: ['shopping-service', 'notification-service', 'seed'] },
  elasticsearch: { port: 9200, clients: ['search-service', 'seed'] },
} satisfies Record<string, { port: number; clients: DemoRole[] }>;

/** Partitions of a topic, each of which one consumer of a group reads. */
export const demoPartitions = 3;

/** Where the stack is, which is all that the names of the demo hang on. */
type Stack = Pick<Config, 'namespace'>;

/** What else its entries hang on; left out where only their names are asked for. */
type Surroundings = Partial<Pick<Config, 'demo' | 'scrapeInterval' | 'loadTests'>>;

/** Where the demo runs: apart from the stack, as a shop of somebody else would. */
export const demoNamespace = ({ namespace }: Stack): string => `${namespace}-demo`;

/**
 * What the demo keeps secret. In the namespace of the stack a Job makes the exporter's user as root, and load
 * tests log in as the user.
 */
export function demoSecrets(stack: Stack) {
  const namespace = demoNamespace(stack);
  const copy = (secret: string) => ({ namespace: stack.namespace, secret });
  return {
    mysqlRoot: { namespace, secret: 'mysql-root', username: 'root', copy: copy('demo-mysql-root') },
    mysqlShop: { namespace, secret: 'mysql-shop', username: 'shop' },
    tokenKey: { namespace, secret: 'token-key', username: 'token' },
    user: { namespace, secret: 'demo-user', username: 'loadtest@test.com', copy: copy('demo-user') },
  } satisfies Record<string, WantedSecret>;
}

/** The demo as entries of the config's lists. */
export function demoEntries(
  stack: Stack & Surroundings,
): Pick<
  Config,
  'services' | 'mysql' | 'redis' | 'kafka' | 'elasticsearch' | 'loadTests' | 'kafkaBots' | 'consistency'
> {
  const namespace = demoNamespace(stack);
  const address = (name: string, port: number) => `${name}.${namespace}.svc:${port}`;
  return {
    services: demoServices.map((name) => ({
      name,
      namespace,
      port: demoPorts.management,
      metricsPath: '/actuator/prometheus',
      framework: 'micrometer',
      runtime: 'node',
    })),
    mysql: [
      {
        name: 'demo-mysql',
        address: address('mysql', demoSystems.mysql.port),
        adminSecret: demoSecrets(stack).mysqlRoot.copy.secret,
      },
    ],
    redis: [{ name: 'demo-redis', address: address('redis', demoSystems.redis.port), tls: false }],
    kafka: [{ name: 'demo-kafka', brokers: [address('kafka', demoSystems.kafka.port)], version: '2.1.0', tls: false }],
    elasticsearch: [
      {
        name: 'demo-elasticsearch',
        address: address('elasticsearch', demoSystems.elasticsearch.port),
        tls: false,
      },
    ],
    loadTests: demoLoadTests(stack),
    kafkaBots: [demoBot],
    consistency: demoChecks(stack),
  };
}
/** Sends to a topic of its own, which nobody in the shop reads. */
const demoBot: Config['kafkaBots'][number] = {
  name: 'demo-kafka-bot',
  cluster: 'demo-kafka',
  profile: 'smoke',
  load: {},
  runners: 1,
  topics: [{ name: 'loadscope.kafka-bot', weight: 1 }],
  allowWrites: false,
  acks: 'all',
  compression: 'none',
  client: 'kafkajs',
  consumerGroups: [],
  drain: '3m',
};

/** A load test for each scenario: to see it work, and to start from. */
function demoLoadTests(stack: Stack): Config['loadTests'] {
  return Object.entries(scenarios).map(([scenario, { writes, users, parameters }]) => ({
    name: `demo-${scenario}`,
    scenario: scenario as ScenarioName,
    profile: 'smoke',
    load: {},
    service: 'api-gateway',
    url: `http://api-gateway.${demoNamespace(stack)}.svc:${demoPorts.http}`,
    runners: 1,
    engine: 'jobs',
    allowWrites: writes,
    parameters: { ...parameters },
    ...(users
      ? {
          users: {
            secret: demoSecrets(stack).user.copy.secret,
            name: 'user{n}@test.com',
            first: 2,
            count: 200,
            path: '/api/v1/auth/login',
          },
        }
      : {}),
  }));
}

/**
 * What the shop never loses and never gives twice, whatever the load; docs/consistency.md says why each of them holds.
 */
function demoChecks({ demo, scrapeInterval = '15s', loadTests = [], ...stack }: Stack & Surroundings) {
  const services: readonly string[] = demoServices;
  const ofDemo = [...demoLoadTests(stack), ...loadTests.filter(({ service }) => services.includes(service))];
  const which = (wanted: (facts: ScenarioFacts, name: ScenarioName) => boolean) =>
    ofDemo.filter(({ scenario }) => wanted(scenarios[scenario], scenario)).map(({ name }) => name);
  const ofShop = { mysql: 'demo-mysql', database: 'shop' };
  const afterWrites = { ...ofShop, loadTests: which(({ writes }) => writes) };
  const afterOrders = { ...ofShop, loadTests: which(({ endpoints }) => endpoints.includes('create_order')) };
  const none = { comparison: 'equals', bound: { number: 0 } } as const;

  // What follows the id is two numbers; without that, run-1 would have the orders of run-1-2 as well.
  const ofRun = "idempotency_key LIKE '$testid-%' AND idempotency_key REGEXP '^$testid-[0-9]+-[0-9]+$'";
  const orders = `SELECT COUNT(*) FROM orders WHERE ${ofRun}`;
  const holders = '(SELECT COUNT(*) FROM coupon_users u WHERE u.coupon_id = c.id)';
  const sold = 'COALESCE((SELECT SUM(i.quantity) FROM order_items i WHERE i.product_id = p.id), 0)';
  const stock = demo?.seed.stock ?? 0;
  const misses = 'redis_keyspace_misses_total{job="redis",instance="demo-redis"}';
  const missesUntil = (offset: string) => `sum(last_over_time(${misses}[5m] offset ${offset}))`;

  return [
    {
      name: 'issued coupons are the coupons that users have',
      ...afterWrites,
      value: { sql: `SELECT COUNT(*) FROM coupons c WHERE c.issued <> ${holders}` },
      ...none,
    },
    {
      name: 'no coupon goes to more users than there are coupons',
      ...afterWrites,
      value: { sql: `SELECT COUNT(*) FROM coupons c WHERE ${holders} > c.quantity` },
      ...none,
    },
    {
      name: 'no user has a coupon twice',
      ...afterWrites,
      value: { sql: 'SELECT COUNT(*) - COUNT(DISTINCT coupon_id, user_id) FROM coupon_users' },
      ...none,
    },
    {
      name: 'stock and what was sold add up for every product, and none is sold that was not there',
      ...afterWrites,
      value: { sql: `SELECT COUNT(*) FROM products p WHERE p.stock < 0 OR p.stock + ${sold} <> ${stock}` },
      ...none,
    },
    {
      name: 'no acknowledged order is lost',
      ...afterOrders,
      value: { sql: orders },
      // The shop may have made more: of an order that came about while its answer was lost, the customer knows nothing.
      comparison: 'atLeast',
      bound: {
        promql: 'sum(last_over_time(k6_orders_acknowledged_total{testid="$testid"}[$__range])) or vector(0)',
      },
    },
    {
      name: 'every order was announced and has its notification',
      ...afterOrders,
      value: { sql: `SELECT COUNT(*) FROM orders o JOIN notifications n ON n.order_id = o.id WHERE ${ofRun}` },
      comparison: 'equals',
      bound: { sql: orders },
    },
    {
      name: 'the crowd found the cache empty',
      loadTests: which((_, scenario) => scenario === 'cache-stampede'),
      // From the last scrape before the run to the first after it, where increase() would want two within the run.
      value: { promql: `${missesUntil(`-${scrapeInterval}`)} - ${missesUntil('$__range')}` },
      comparison: 'atLeast',
      bound: { number: 1 },
    },
  ] satisfies ConsistencyCheck[];
}

/** The config with the demo in its lists, so that it is monitored and load-tested like any other shop. */
export function withDemo(config: Config): Config {
  if (!config.demo) return config;
  const { services, mysql, redis, kafka, elasticsearch, loadTests, kafkaBots, consistency } = demoEntries(config);
  return {
    ...config,
    services: [...config.services, ...services],
    mysql: [...config.mysql, ...mysql],
    redis: [...config.redis, ...redis],
    kafka: [...config.kafka, ...kafka],
    elasticsearch: [...config.elasticsearch, ...elasticsearch],
    loadTests: [...config.loadTests, ...loadTests],
    kafkaBots: [...config.kafkaBots, ...kafkaBots],
    consistency: [...config.consistency, ...consistency],
  };
}
