import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { seriesOf } from '../../contract/catalogue.ts';
import { targets } from '../../exporters/index.ts';
import { scenarios } from '../../k6-jobs/catalogue.ts';
import { parseConfig } from '../../model/config-file.ts';
import { demoNamespace } from '../../model/demo.ts';
import type { Target } from '../../model/target.ts';
import { readsOfStack } from '../../synth/keep-lists.ts';
import { publish } from '../../synth/publish.ts';
import { AlertReceiver, toldOf } from './alert-receiver.ts';
import { eventually } from './eventually.ts';
import { kubectl, kubectlJson, kubectlStdin } from './kubectl.ts';
import { Prometheus } from './prometheus.ts';
import { shopBot } from './shop.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
  };
}

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly phase: string;
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string } };
    }[];
  };
}

/** A stack and the shop it watches, each in a namespace of its own that nothing else uses. */
export class Stack {
  readonly namespace: string;
  /** Where the shop is. */
  readonly shop: string;
  readonly prometheus: Prometheus;
  /** Who is told of the alerts of a stack with the demo. */
  readonly receiver: AlertReceiver;
  readonly dist = mkdtempSync(join(tmpdir(), 'loadscope-e2e-'));
  /** Seconds. Shorter than the default, so that a test sees a change sooner; no part of a minute, as users may have it. */
  scrapeInterval = 7;
  readonly #demo: boolean;
  /** That Grafana is not there, which is said once. */
  #warned = false;
  /** Seconds from the apply until the shop was ready. */
  shopSeconds = Number.NaN;

  /** @param demo whether the shop is the demo; otherwise it is made of data systems that the stack knows by address */
  constructor({ demo = false } = {}) {
    const id = randomBytes(3).toString('hex');
    this.namespace = `loadscope-e2e-${id}`;
    this.#demo = demo;
    this.shop = demo ? demoNamespace(this) : `shop-e2e-${id}`;
    this.prometheus = new Prometheus(this.namespace);
    this.receiver = new AlertReceiver(this.shop);
  }

  /** The config of this stack, with the shop's addresses. */
  config(changes: Record<string, unknown> = {}) {
    const host = (name: string) => `${name}.${this.shop}.svc.cluster.local`;
    const shop = this.#demo
      ? {
          demo: { seed: { users: 2000, points: 5_000_000_000 } },
          alerting: toldOf(this.receiver),
          kafkaBots: [shopBot],
          suites: [
            {
              name: 'scenarios',
              loadTests: Object.keys(scenarios).map((scenario) => `demo-${scenario}`),
              coolDown: '0s',
              onFailure: 'continue',
            },
          ],
          // Prometheus exposes this one as a native histogram and as a classic one.
          metrics: { alsoKeep: ['prometheus_http_request_duration_seconds'] },
        }
      : {
          // Any workload has containers to be seen, and Redis is one.
          services: [{ name: 'redis', namespace: this.shop, selector: { app: 'redis' }, port: 6379 }],
          mysql: [{ name: 'shop-db', address: `${host('mysql')}:3306`, adminSecret: 'mysql-admin' }],
          redis: [{ name: 'shop-cache', address: `${host('redis')}:6379` }],
          kafka: [{ name: 'shop-events', brokers: [`${host('kafka')}:9092`] }],
          loadTests: [{ name: 'browse', scenario: 'browse', service: 'redis', url: `http://${host('redis')}:6379` }],
        };
    return { namespace: this.namespace, scrapeInterval: `${this.scrapeInterval}s`, ...shop, ...changes };
  }

  /** The targets that the config makes. */
  targets(): Target[] {
    return targets(this.parsed());
  }

  /** The series that the targets declare and Prometheus stores: of what is scraped, that which is read. */
  storedSeries(): { job: string; name: string; labels: readonly string[]; sparse: boolean }[] {
    const all = this.targets();
    const reads = readsOfStack(this.parsed(), all);
    return all.flatMap(({ name: job, metrics, scrape }) =>
      Object.values(metrics).flatMap((metric) =>
        seriesOf(metric)
          .filter(([name]) => !scrape || reads.get(job)?.has(name))
          .map(([name, { labels = [] }]) => ({ job, name, labels: [...labels], sparse: metric.sparse ?? false })),
      ),
    );
  }

  private parsed() {
    return parseConfig('e2e', stringify(this.config()));
  }

  target(name: string): Target {
    const found = this.targets().find((target) => target.name === name);
    if (!found) throw new Error(`there is no target ${name}`);
    return found;
  }

  /** Brings the shop and the stack up, and waits for both. */
  async up(config: Record<string, unknown> = this.config()): Promise<void> {
    try {
      if (!this.#demo) await this.applyShop();
      await this.apply(config);
      if (this.#demo) await this.receiver.up(this.namespace);
      else await this.copyAdminSecret();
      const applied = Date.now();
      await Promise.all([
        this.ready(this.shop, 240).then(() => {
          this.shopSeconds = (Date.now() - applied) / 1000;
        }),
        this.ready(this.namespace, 300),
      ]);
    } catch (error) {
      console.error(await this.diagnosis());
      throw error;
    }
  }

  /** Synthesizes and applies, the way a user does. */
  async apply(config: Record<string, unknown>): Promise<string> {
    publish(parseConfig('e2e', stringify(config)), this.dist);
    return kubectl('apply', '-f', this.dist);
  }

  async applyShop(): Promise<void> {
    await kubectl('create', 'namespace', this.shop);
    await kubectl('-n', this.shop, 'apply', '-f', 'e2e/fixtures/data-systems.yaml');
  }

  /** Gives the stack the administrator of the shop's MySQL, as a user would by `kubectl create secret`. */
  async copyAdminSecret(): Promise<void> {
    const { data } = await kubectlJson<{ data: Record<string, string> }>(
      '-n',
      this.shop,
      'get',
      'secret',
      'mysql-root',
    );
    await kubectlStdin(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mysql-admin', namespace: this.namespace }, data },
      'apply',
    );
  }

  /**
   * Waits for every workload of a namespace. Grafana is left out, with a word, where its image cannot be pulled,
   * unless E2E_REQUIRE_GRAFANA is set.
   */
  async ready(namespace: string, seconds: number): Promise<void> {
    await eventually(seconds, async () => {
      const { items } = await kubectlJson<{ items: Workload[] }>(
        '-n',
        namespace,
        'get',
        'deployments,statefulsets,daemonsets',
      );
      const waiting: string[] = [];
      for (const { kind, metadata, spec, status } of items) {
        const ready =
          kind === 'DaemonSet'
            ? (status.desiredNumberScheduled ?? 0) > 0 && status.numberReady === status.desiredNumberScheduled
            : status.readyReplicas === spec.replicas && status.updatedReplicas === spec.replicas;
        if (!ready && !(metadata.name === 'grafana' && (await this.lacksGrafana())))
          waiting.push(`${kind} ${metadata.name}`);
      }
      if (waiting.length) throw new Error(`not ready in ${namespace}: ${waiting.join(', ')}`);
    });
  }

  private async lacksGrafana(): Promise<boolean> {
    if (process.env.E2E_REQUIRE_GRAFANA) return false;
    const reasons = (await this.pod('grafana-0')).status.containerStatuses?.map(({ state }) => state.waiting?.reason);
    const lacks = Boolean(reasons?.some((reason) => reason === 'ErrImagePull' || reason === 'ImagePullBackOff'));
    if (lacks && !this.#warned)
      console.warn('Grafana does not run: its image cannot be pulled. Its queries are checked without it.');
    this.#warned ||= lacks;
    return lacks;
  }

  pod(name: string): Promise<Pod> {
    return kubectlJson<Pod>('-n', this.namespace, 'get', 'pod', name);
  }

  /** The pods of one workload of the stack. */
  async podsOf(workload: string): Promise<readonly Pod[]> {
    const { items } = await kubectlJson<{ items: Pod[] }>(
      '-n',
      this.namespace,
      'get',
      'pods',
      '-l',
      `app.kubernetes.io/name=${workload}`,
    );
    return items;
  }

  /** Waits for a Job to end, either way. */
  async jobEnded(name: string, seconds: number): Promise<'Complete' | 'Failed'> {
    return eventually(seconds, async () => {
      const { status } = await kubectlJson<{ status: { conditions?: Condition[] } }>(
        '-n',
        this.namespace,
        'get',
        'job',
        name,
      );
      const ended = status.conditions?.find(
        ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
      );
      if (!ended) throw new Error(`Job ${name} has not ended: ${JSON.stringify(status)}`);
      return ended.type as 'Complete' | 'Failed';
    });
  }

  /** What someone would look at first when a test failed. */
  async diagnosis(): Promise<string> {
    const parts: string[] = [];
    const look = async (...args: string[]) => {
      const output = await kubectl(...args).catch((error: Error) => error.message);
      parts.push(`$ kubectl ${args.join(' ')}\n${output.trim()}`);
    };
    for (const namespace of [this.namespace, this.shop]) {
      await look('-n', namespace, 'get', 'pods', '-o', 'wide');
      await look('-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp', '--field-selector=type=Warning');
      const pods = await kubectl('-n', namespace, 'get', 'pods', '-o', 'name').catch(() => '');
      for (const pod of pods.split('\n').filter(Boolean)) await look('-n', namespace, 'logs', pod, '--tail=15');
    }
    return parts.join('\n\n');
  }

  /** Deletes all of it, also what lies outside the two namespaces. */
  async delete(): Promise<void> {
    await this.prometheus.close();
    // Nothing was applied where the shop did not even come up.
    if (readdirSync(this.dist).length) await kubectl('delete', '-f', this.dist, '--ignore-not-found', '--wait=false');
    rmSync(this.dist, { recursive: true, force: true });
    await kubectl('delete', 'namespace', this.namespace, this.shop, '--ignore-not-found', '--timeout=240s');
  }
}

/** A test that shows the state of the cluster when it fails. */
export const testWith = (stack: Stack) => (name: string, run: () => Promise<void>) =>
  test(name, async () => {
    try {
      await run();
    } catch (error) {
      console.error(`${name}\n\n${await stack.diagnosis()}`);
      throw error;
    }
  });
