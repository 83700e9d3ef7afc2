import { loadscope } from '../e2e/lib/command.ts';
import { kubectlJson } from '../e2e/lib/kubectl.ts';
import { launch, runnerChanged } from '../e2e/lib/launch.ts';
import { Prometheus } from '../e2e/lib/prometheus.ts';
import { recordName } from '../runs/names.ts';
import { recordOf } from '../runs/record.ts';

/**
 * What tracing costs: latency and throughput of the demo under the same load, with each share of requests traced. The users
 * do not think, so that throughput is as much as the shop can do for them.
 *
 * usage: npm run bench:tracing -- NAMESPACE [ROUNDS]   (of a stack with the demo; kubectl as KUBECONFIG says)
 */

const [namespace = '', rounds = '3'] = process.argv.slice(2);
if (!namespace) throw new Error('usage: npm run bench:tracing -- NAMESPACE [ROUNDS]');

const shares = ['0', '0.1', '1'];
const prometheus = new Prometheus(namespace);

/** The plan with another share of requests traced. */
const traced = (share: string) =>
  runnerChanged('demo-browse', (template) => {
    const [container] = template.spec.containers;
    const env = (container.env ?? []).map((one) => (one.name === 'TRACE_SAMPLING' ? { ...one, value: share } : one));
    return { ...template, spec: { ...template.spec, containers: [{ ...container, env }] } };
  });

interface Figures {
  readonly 'requests/s': number;
  readonly 'p50 ms': number;
  readonly 'p95 ms': number;
  readonly 'CPU s per 1,000 requests, shop': number;
  /** Of the demo's Elasticsearch too, which has nothing to do meanwhile. */
  readonly 'CPU s per 1,000 requests, Zipkin and storage': number;
}

async function measure(share: string, round: number): Promise<Figures> {
  const testid = `bench-${share.replace('.', '-')}-${round}-${Date.now().toString(36)}`;
  const set = { vus: '10', duration: '30s', thinkMs: '0' };
  await launch(namespace, testid, 'demo-browse', { set, plan: traced(share) });
  const { output } = await loadscope('status', testid, '--wait', '--namespace', namespace);
  const { verdict } = recordOf(await kubectlJson('-n', namespace, 'get', 'configmap', recordName(testid)));
  if (!verdict?.runners) throw new Error(output);
  const [start = 0, end = 0] = [verdict.start, verdict.end].map((instant) => Date.parse(instant) / 1000);
  const seconds = Math.round(end - start);
  const ofRun = `testid="${testid}",name!="wait"`;
  const requests = await prometheus.value(`sum(last_over_time(k6_http_reqs_total{${ofRun}}[2m]))`);
  const quantile = (q: number) =>
    prometheus.value(
      `1000 * histogram_quantile(${q}, sum(last_over_time(k6_http_req_duration_seconds{${ofRun}}[2m])))`,
    );
  const cpu = (pods: string) =>
    prometheus.value(
      `sum(increase(container_cpu_usage_seconds_total{namespace=~"${namespace}(-demo)?",container!="",pod=~"${pods}"}[${seconds + 10}s] @ ${Math.round(end) + 10}))`,
    );
  const perThousand = (value: number) => (1000 * value) / requests;
  return {
    'requests/s': requests / seconds,
    'p50 ms': await quantile(0.5),
    'p95 ms': await quantile(0.95),
    'CPU s per 1,000 requests, shop': perThousand(await cpu('(api-gateway|shopping-service)-.+')),
    'CPU s per 1,000 requests, Zipkin and storage': perThousand(await cpu('zipkin-.+|elasticsearch-0')),
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const all = new Map<string, Figures[]>(shares.map((share) => [share, []]));
for (let round = 0; round < Number(rounds); round++)
  // In turns, so that what else the machine does is spread over them.
  for (const share of shares) all.get(share)?.push(await measure(share, round));
await prometheus.close();

const rows = Object.fromEntries(
  [...all].map(([share, figures]) => {
    const keys = Object.keys(figures[0] ?? {}) as (keyof Figures)[];
    const of = (figure: keyof Figures, which: string) => median((all.get(which) ?? []).map((one) => one[figure]));
    return [
      `sampling ${share}`,
      Object.fromEntries(
        keys.map((figure) => [
          figure,
          `${of(figure, share).toFixed(2)} (${(of(figure, share) / of(figure, '0')).toFixed(2)})`,
        ]),
      ),
    ];
  }),
);
console.table(rows);
