import type { Construct } from 'constructs';
import type { Config } from '../model/config.ts';
import { demoNamespace, demoPartitions, demoSecrets, demoSystems } from '../model/demo.ts';
import type { EnvVar } from '../model/target.ts';
import { deployment } from './lib/deployment.ts';
import { elasticsearch } from './lib/elasticsearch.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { demoResources } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';

const size = '2Gi';

/** The systems behind the demo's services: one pod of each, just large enough for the shop. */
export class DemoSystemsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    const { config } = props;
    const namespace = demoNamespace(config);
    super(scope, id, props, namespace);
    const { storage } = config;
    const { mysql, redis, kafka } = demoSystems;

    statefulSet(this, {
      name: 'mysql',
      image: this.images.mysql,
      // What both MySQL and MariaDB know.
      args: [
        // The pools of five pods of each of four services, and some for exporters and people.
        '--max-connections=300',
        // What counts as slow among the queries of a shop.
        '--long-query-time=0.2',
        // Nobody replicates, and the log of every change would fill the volume within hours of load.
        '--skip-log-bin',
        '--character-set-server=utf8mb4',
        '--innodb-buffer-pool-size=134217728',
      ],
      env: mysqlEnv(config),
      ports: { mysql: mysql.port },
      // While it makes its database it does not listen, which can take minutes on a slow disk.
      probes: { port: mysql.port, startSeconds: 300 },
      user: 999,
      resources: demoResources.mysql,
      // Time to write its buffers down.
      terminationGracePeriodSeconds: 60,
      size,
      storage,
      volumes: [
        { name: 'data', mountPath: '/var/lib/mysql', subPath: 'mysql', source: 'claim' },
        emptyDirVolume('run', '/var/run/mysqld', 1),
        // Sorts that do not fit in memory go there.
        emptyDirVolume('tmp', '/tmp', 256),
      ],
      ephemeralStorage: 512,
    });

    deployment(this, {
      name: 'redis',
      image: this.images.redis,
      args: [
        'redis-server',
        ...['--protected-mode', 'no'],
        // Small enough to fill under load, and then without what would expire anyway.
        ...['--maxmemory', '64mb', '--maxmemory-policy', 'volatile-lru'],
        // A cache: nothing goes to a disk.
        ...['--save', '', '--appendonly', 'no'],
      ],
      ports: { redis: redis.port },
      probes: { port: redis.port },
      user: 999,
      group: 1000,
      resources: demoResources.redis,
    });

    statefulSet(this, {
      name: 'kafka',
      image: this.images.kafka,
      env: kafkaEnv(namespace),
      ports: { kafka: kafka.port },
      probes: { port: kafka.port, startSeconds: 180 },
      user: 1000,
      resources: demoResources.kafka,
      // Time to close its log, which it would otherwise read again at the next start.
      terminationGracePeriodSeconds: 60,
      size,
      storage,
      // Its start writes the settings beside the files for its log, which are read-only in the image.
      init: {
        name: 'copy-config',
        command: ['sh', '-c', 'cp -r /opt/kafka/config/. /copy'],
        mounts: [{ name: 'config', mountPath: '/copy' }],
      },
      volumes: [
        { name: 'data', mountPath: '/var/lib/kafka/data', subPath: 'kafka', source: 'claim' },
        emptyDirVolume('config', '/opt/kafka/config', 16),
        emptyDirVolume('logs', '/opt/kafka/logs', 16),
        emptyDirVolume('tmp', '/tmp', 64),
      ],
    });

    elasticsearch(this, {
      image: this.images.elasticsearch,
      clusterName: 'shop',
      heap: 384,
      resources: demoResources.elasticsearch,
      size,
      storage,
    });

    for (const [name, { port, clients }] of Object.entries(demoSystems))
      networkPolicy(
        this,
        {
          name,
          ingress: [{ from: clients, port }],
          // Their exporters are there, and the Job that makes the user of MySQL's.
          ingressNamespaces: [{ namespaces: [config.namespace], port }],
        },
        namespace,
      );
  }
}

function mysqlEnv(config: Config): EnvVar[] {
  const { mysqlRoot, mysqlShop } = demoSecrets(config);
  return [
    { name: 'MYSQL_ROOT_PASSWORD', secret: mysqlRoot.secret, key: 'password' },
    { name: 'MYSQL_DATABASE', value: 'shop' },
    { name: 'MYSQL_USER', secret: mysqlShop.secret, key: 'username' },
    { name: 'MYSQL_PASSWORD', secret: mysqlShop.secret, key: 'password' },
  ];
}

/** One node that is broker and controller; what Kafka keeps three copies of by default, it keeps once. */
const kafkaEnv = (namespace: string): EnvVar[] =>
  Object.entries({
    // Names the storage, so that a broker does not take that of another cluster for its own; no secret.
    CLUSTER_ID: 'DMC_xCI6VSyZEFF2McSyjQ',
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENERS: `PLAINTEXT://:${demoSystems.kafka.port},CONTROLLER://:9093`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://kafka.${namespace}.svc:${demoSystems.kafka.port}`,
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_NUM_PARTITIONS: String(demoPartitions),
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_HEAP_OPTS: '-Xms256m -Xmx384m',
    // Without the log of the garbage collector, which the image lets grow to 1 GB.
    EXTRA_ARGS: '-name kafkaServer',
  }).map(([name, value]) => ({ name, value }));
