import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import type { FaultName } from '../../demo/faults.ts';
import { demoPorts } from '../../model/demo.ts';
import { defaultImages } from '../../model/images.ts';
import { eventually } from './eventually.ts';
import { type Forward, kubectl, kubectlJson, kubectlStdin, portForward } from './kubectl.ts';

/** A bot of this stack that sends to the topic of the shop's own consumers. */
export const shopBot = {
  name: 'shop-events',
  cluster: 'demo-kafka',
  service: 'notification-service',
  topics: [{ name: 'order-created' }],
  allowWrites: true,
  // What the consumer takes for an order.
  json: '{"userId": {{int 1 1000}}, "totalAmount": 100}',
  keys: '1000',
  consumerGroups: ['notification'],
};

const execute = promisify(execFile);

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly success: boolean;
    readonly data?: Record<string, unknown> & { readonly content?: readonly Record<string, unknown>[] };
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** What customers of the demo do, by the settings of e2e/fixtures/shopper. */
export interface Customers {
  readonly mode: 'coupons' | 'soldOut' | 'orders' | 'shop';
  readonly customers: number;
  readonly seconds?: number;
  readonly coupon?: number;
  readonly product?: number;
}

/** What they found: answers by status, and what failed. */
export interface Visit {
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly first?: Readonly<Record<string, number>>;
  readonly second?: Readonly<Record<string, number>>;
  readonly ordered?: number;
  readonly acknowledged?: readonly string[];
}

/** The demo in its namespace. */
export class Shop {
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** A way to the gateway from here. */
  gateway(): Promise<Forward> {
    return portForward(this.namespace, 'deployment/api-gateway', demoPorts.http);
  }

  async password(): Promise<string> {
    const { data } = await kubectlJson<{ data: { password: string } }>(
      '-n',
      this.namespace,
      'get',
      'secret',
      'demo-user',
    );
    return Buffer.from(data.password, 'base64').toString();
  }

  /** Switches a fault on, or all of them off. */
  async fault(change: { readonly on: FaultName; readonly parameters?: Record<string, number> } | 'off'): Promise<void> {
    const { url, close } = await portForward(this.namespace, 'deployment/api-gateway', demoPorts.management);
    try {
      const response =
        change === 'off'
          ? await fetch(`${url}/admin/shop/faults`, { method: 'DELETE' })
          : await fetch(`${url}/admin/shop/faults/${change.on}`, {
              method: 'PUT',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(change.parameters ?? {}),
            });
      if (!response.ok) throw new Error(`${JSON.stringify(change)}: ${response.status} ${await response.text()}`);
    } finally {
      close();
    }
  }

  /** The one value of a query to the shop's database. */
  async sql(query: string): Promise<string> {
    const client = `MYSQL_PWD="$MYSQL_PASSWORD" mysql --protocol=tcp --host=mysql --user="$MYSQL_USER" --batch --skip-column-names "$MYSQL_DATABASE" --execute="$1"`;
    return (await kubectl('-n', this.namespace, 'exec', 'mysql-0', '--', 'sh', '-c', client, 'sh', query)).trim();
  }

  /** The keys of all messages of a topic, as often as they are there. */
  async keys(topic: string): Promise<string[]> {
    const { stdout } = await execute(
      'kubectl',
      [
        // A second JVM in the broker's container, which has the broker's heap in its environment.
        ...['-n', this.namespace, 'exec', 'kafka-0', '--', 'env', 'KAFKA_HEAP_OPTS=-Xmx128m'],
        '/opt/kafka/bin/kafka-console-consumer.sh',
        ...['--bootstrap-server', 'kafka:9092', '--topic', topic, '--from-beginning', '--timeout-ms', '10000'],
        ...['--property', 'print.key=true', '--property', 'print.value=false'],
      ],
      { maxBuffer: 256 * 1024 * 1024, timeout: 120_000 },
    );
    return stdout.split('\n').filter(Boolean);
  }

  /** Sends customers in; the Job's name. */
  async send({ mode, customers, seconds = 60, coupon, product }: Customers): Promise<string> {
    const job = `shopper-${randomBytes(3).toString('hex')}`;
    await kubectlStdin(shopper(this.namespace), 'apply');
    await kubectlStdin(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: job, namespace: this.namespace },
        spec: {
          backoffLimit: 0,
          template: {
            metadata: { labels: { app: 'shopper' } },
            spec: {
              restartPolicy: 'Never',
              enableServiceLinks: false,
              securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
              containers: [
                {
                  name: 'shopper',
                  image: defaultImages.node,
                  command: ['node', '/program/main.mjs'],
                  env: [
                    { name: 'MODE', value: mode },
                    { name: 'CUSTOMERS', value: String(customers) },
                    { name: 'SECONDS', value: String(seconds) },
                    { name: 'COUPON', value: String(coupon) },
                    { name: 'PRODUCT', value: String(product) },
                    { name: 'GATEWAY', value: `http://api-gateway:${demoPorts.http}` },
                    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'demo-user', key: 'password' } } },
                  ],
                  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                  volumeMounts: [{ name: 'program', mountPath: '/program' }],
                },
              ],
              volumes: [{ name: 'program', configMap: { name: 'shopper' } }],
            },
          },
        },
      },
      'apply',
    );
    return job;
  }

  /** Waits for customers to leave, and hears what they found. */
  async back(job: string, wait: number): Promise<Visit> {
    await eventually(wait, async () => {
      const { status } = await kubectlJson<{ status: { succeeded?: number; failed?: number } }>(
        '-n',
        this.namespace,
        'get',
        'job',
        job,
      );
      if (!status.succeeded && !status.failed) throw new Error(`Job ${job} has not ended: ${JSON.stringify(status)}`);
    });
    const output = await kubectl('-n', this.namespace, 'logs', `job/${job}`, '--tail=-1');
    const last = output.trim().split('\n').at(-1) ?? '';
    if (!last.startsWith('{')) throw new Error(`Job ${job} failed:\n${output}`);
    return JSON.parse(last) as Visit;
  }
}

/** Their program, and the way out that the namespace would deny them. */
function shopper(namespace: string) {
  const { outputFiles } = buildSync({
    entryPoints: ['e2e/fixtures/shopper/main.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'shopper', namespace },
        data: { 'main.mjs': outputFiles[0]?.text },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'shopper', namespace },
        spec: { podSelector: { matchLabels: { app: 'shopper' } }, policyTypes: ['Egress'], egress: [{}] },
      },
    ],
  };
}
