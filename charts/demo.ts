import type { Construct } from 'constructs';
import type { Config } from '../model/config.ts';
import {
  type DemoRole,
  demoNamespace,
  demoPartitions,
  demoPorts,
  demoSecrets,
  demoServices,
  demoSystems,
} from '../model/demo.ts';
import { namespaceOf } from '../model/output.ts';
import type { EnvVar } from '../model/target.ts';
import { job } from './lib/job.ts';
import { type NetworkPolicyProps, networkPolicy } from './lib/network-policy.ts';
import { program } from './lib/program.ts';
import { demoResources } from './lib/resources.ts';
import { scaledDeployment } from './lib/scaled-deployment.ts';
import { podsService } from './lib/service.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

const gateway = 'api-gateway';
const { http, management } = demoPorts;
const zipkin = { name: 'zipkin', port: 9411 };

/** The services of the demo, and the Job that fills the shop: one program, which is told by its role what to be. */
export class DemoChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    const { config } = props;
    const namespace = demoNamespace(config);
    super(scope, id, props, namespace);
    const pod = {
      ...program(this, 'demo-program', 'demo/main.ts'),
      image: this.images.node,
      user: 65534,
      resources: demoResources.service,
    };

    for (const name of demoServices) {
      scaledDeployment(this, {
        ...pod,
        name,
        env: environment(name, config),
        ports: demoPorts,
        probes: {
          port: management,
          ready: '/actuator/health/readiness',
          alive: '/actuator/health/liveness',
          startSeconds: 180,
        },
        // Time to end the requests it has.
        terminationGracePeriodSeconds: 40,
        maxReplicas: maxReplicas(name, config),
      });
      podsService(this, name, { management });
      networkPolicy(
        this,
        { name, ...ingress(name, config), egress: [...egress(name, config), ...calls(name)] },
        namespace,
      );
    }

    job(this, { ...pod, name: 'seed', env: environment('seed', config) });
    networkPolicy(this, { name: 'seed', egress: egress('seed', config) }, namespace);
  }
}

/** A consumer without a partition would have nothing to do. */
const maxReplicas = (name: DemoRole, { demo }: Config): number | undefined =>
  demo?.autoscaling &&
  Math.min(demo.autoscaling.maxReplicas, name === 'notification-service' ? demoPartitions : Number.POSITIVE_INFINITY);

const systemsOf = (role: DemoRole) =>
  Object.entries(demoSystems).flatMap(([name, { port, clients }]) =>
    (clients as DemoRole[]).includes(role) ? [{ name: name as keyof typeof demoSystems, port }] : [],
  );

function environment(role: DemoRole, config: Config): EnvVar[] {
  const { mysqlShop, tokenKey, user } = demoSecrets(config);
  const ofSystems: Record<keyof typeof demoSystems, EnvVar[]> = {
    mysql: [
      { name: 'MYSQL_HOST', value: 'mysql' },
      { name: 'MYSQL_DATABASE', value: 'shop' },
      { name: 'MYSQL_USER', secret: mysqlShop.secret, key: 'username' },
      { name: 'MYSQL_PASSWORD', secret: mysqlShop.secret, key: 'password' },
    ],
    redis: [{ name: 'REDIS_URL', value: 'redis://redis:6379' }],
    kafka: [{ name: 'KAFKA_BROKERS', value: 'kafka:9092' }],
    elasticsearch: [{ name: 'ELASTICSEARCH_URL', value: 'http://elasticsearch:9200' }],
  };
  const token: EnvVar = { name: 'TOKEN_KEY', secret: tokenKey.secret, key: 'password' };
  const own: Partial<Record<DemoRole, EnvVar[]>> = {
    'auth-service': [token],
    'shopping-service': [token],
    seed: [
      { name: 'SEED', value: JSON.stringify(config.demo?.seed) },
      { name: 'DEMO_USER_PASSWORD', secret: user.secret, key: 'password' },
    ],
  };
  return [
    { name: 'ROLE', value: role },
    { name: 'ZIPKIN_URL', value: `http://${zipkin.name}.${config.namespace}.svc:${zipkin.port}` },
    // Of the memory it may take; the rest is for sockets and the program itself.
    { name: 'NODE_OPTIONS', value: '--max-old-space-size=160' },
    ...systemsOf(role).flatMap(({ name }) => ofSystems[name]),
    ...(own[role] ?? []),
  ];
}

/** Load comes in by the gateway, which alone calls the others; Prometheus reads the metrics of each pod. */
const ingress = (name: DemoRole, config: Config): Pick<NetworkPolicyProps, 'ingress' | 'ingressNamespaces'> =>
  name === gateway
    ? {
        ingressNamespaces: [
          { namespaces: [config.namespace, demoNamespace(config)], port: http },
          {
            namespaces: [...new Set([config.namespace, namespaceOf('prometheus', config), demoNamespace(config)])],
            port: management,
          },
        ],
      }
    : {
        ingress: [http, management].map((port) => ({ from: [gateway], port })),
        ingressNamespaces: [{ namespaces: [namespaceOf('prometheus', config)], port: management }],
      };

const egress = (role: DemoRole, config: Config) => [
  ...systemsOf(role).map(({ name, port }) => ({ to: name, port })),
  { to: zipkin.name, namespace: config.namespace, port: zipkin.port },
];

/** The gateway passes requests on to the services that answer any, and steers the pods of all. */
const calls = (name: DemoRole) =>
  name === gateway
    ? demoServices.flatMap((to) => [
        ...(to === gateway || to === 'notification-service' ? [] : [{ to, port: http }]),
        { to, port: management },
      ])
    : [];
