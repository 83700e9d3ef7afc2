import type { Config } from './config.ts';
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

/** Where the stack is, which is all that the demo hangs on. */
type Stack = Pick<Config, 'namespace'>;

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
export function demoEntries(stack: Stack): Pick<Config, 'services' | 'mysql' | 'redis' | 'kafka' | 'loadTests'> {
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
    loadTests: [
      {
        name: 'demo-browse',
        scenario: 'browse',
        profile: 'smoke',
        service: 'api-gateway',
        url: `http://${address('api-gateway', demoPorts.http)}`,
      },
    ],
  };
}

/** The config with the demo in its lists, so that it is monitored and load-tested like any other shop. */
export function withDemo(config: Config): Config {
  if (!config.demo) return config;
  const { services, mysql, redis, kafka, loadTests } = demoEntries(config);
  return {
    ...config,
    services: [...config.services, ...services],
    mysql: [...config.mysql, ...mysql],
    redis: [...config.redis, ...redis],
    kafka: [...config.kafka, ...kafka],
    loadTests: [...config.loadTests, ...loadTests],
  };
}
