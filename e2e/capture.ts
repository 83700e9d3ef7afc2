import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hasKeepLists } from './lib/keep-lists.ts';
import { kubectl } from './lib/kubectl.ts';
import { type Changes, launch, starved, trendStats } from './lib/launch.ts';
import { Prometheus } from './lib/prometheus.ts';

/**
 * Writes down what the targets of a running stack expose, as it arrives in Prometheus: for each job a file in
 * exporters/captured with the type of each metric and the names of its labels. A test holds the declarations
 * against it, so a new version of an exporter is captured again before it is pinned.
 *
 * Run it against a stack with the demo that stores everything (`metrics: { store: all }`) while customers order and
 * search. It launches the load tests that k6's own metrics take: one as it is, one that pushes percentiles, one that
 * drops iterations.
 */

const usage = 'usage: npm run capture -- [--namespace NAMESPACE]   (default: loadscope; KUBECONFIG names the cluster)';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly metric: Labels;
  readonly value?: unknown;
  readonly histogram?: unknown;
}

/** Which labels a metric came with, and whether as a native histogram. */
interface Seen {
  readonly labels: Set<string>;
  native: boolean;
}

const jobOf = ({ job = '' }: Labels) => job;

/** What k6 pushes in each of its forms, and when it does not keep up. */
async function launchAll(namespace: string): Promise<void> {
  const runs: Record<string, [loadTest: string, changes?: Changes]> = {
    native: ['demo-browse'],
    percentiles: ['demo-browse', { plan: trendStats }],
    orders: ['demo-order-creation'],
    coupons: ['demo-coupon-spike'],
    drops: ['demo-blog-read', { plan: starved('demo-blog-read'), set: { rate: '200' } }],
  };
  for (const [name, [loadTest, changes]] of Object.entries(runs)) {
    const run = `capture-${name}-${Date.now()}`;
    await launch(namespace, run, loadTest, changes);
    // However it ends: drops end as invalid.
    await kubectl('-n', namespace, 'wait', `job/${run}`, '--for=jsonpath={.status.terminating}=0', '--timeout=300s');
  }
}

async function capture(prometheus: Prometheus): Promise<void> {
  const jobs = (await prometheus.query('count by (job) (last_over_time({job!=""}[30m]))')).map(({ metric }) =>
    jobOf(metric),
  );
  const metadata = await prometheus.get<{ metric: string; type: string; target: Labels }[]>('targets/metadata');
  const types = new Map(metadata.map(({ metric, type, target }) => [`${jobOf(target)} ${metric}`, type]));
  mkdirSync('exporters/captured', { recursive: true });
  for (const job of jobs.sort()) {
    const { result } = await prometheus.get<{ result: Sample[] }>('query', {
      // Without what Prometheus adds when an alert is on its way.
      query: `last_over_time({job="${job}",__name__!~"ALERTS.*"}[30m])`,
    });
    const metrics = new Map<string, Seen>();
    for (const { metric, histogram } of result) {
      const { __name__: name = '', ...labels } = metric;
      const seen = metrics.get(name) ?? { labels: new Set(), native: false };
      for (const label of Object.keys(labels)) seen.labels.add(label);
      if (histogram) seen.native = true;
      metrics.set(name, seen);
    }
    const lines = [...metrics]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, { labels, native }]) => [
        `# TYPE ${name} ${native ? 'nativehistogram' : typeOf(types, job, name)}`,
        `${name}{${[...labels].sort().join(',')}}`,
      ]);
    writeFileSync(`exporters/captured/${job}.prom`, `${lines.join('\n')}\n`);
    console.log(`${job}: ${result.length} series of ${metrics.size} metrics`);
  }
}

/** The type of a metric, or of the histogram or summary that it is a part of; unknown where nothing says it. */
function typeOf(types: ReadonlyMap<string, string>, job: string, name: string): string {
  const own = types.get(`${job} ${name}`);
  if (own) return own;
  const whole = types.get(`${job} ${name.replace(/_(bucket|sum|count)$/, '')}`);
  // What a histogram or summary counts only grows.
  return whole === 'histogram' || whole === 'summary' ? 'counter' : (whole ?? 'unknown');
}

const { values } = parseArgs({
  options: { namespace: { type: 'string', default: 'loadscope' }, help: { type: 'boolean' } },
});
if (values.help) console.log(usage);
else {
  const prometheus = new Prometheus(values.namespace);
  try {
    const { yaml } = await prometheus.get<{ yaml: string }>('status/config');
    if (hasKeepLists(yaml)) {
      console.error(`the stack in ${values.namespace} stores only what is used: apply it with metrics: { store: all }`);
      process.exitCode = 1;
    } else {
      await launchAll(values.namespace);
      await capture(prometheus);
    }
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exitCode = 1;
  } finally {
    await prometheus.close();
  }
}
