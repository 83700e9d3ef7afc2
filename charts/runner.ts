import { k8s } from 'cdk8s-plus-27';
import { scenarios } from '../k6-jobs/catalogue.ts';
import { urlAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import type { Images } from '../model/images.ts';
import { runner } from '../runs/names.ts';
import type { PodTemplate } from '../runs/plan.ts';
import { k6Thresholds } from './lib/k6-thresholds.ts';
import { selector } from './lib/labels.ts';
import { configMapVolume, emptyDirVolume, podTemplate } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';

type LoadTest = Config['loadTests'][number];

/** The pod of a runner, but for what a launch says: which run, how much, which part of it. */
export function runnerTemplate(test: LoadTest, config: Config, images: Images): PodTemplate {
  const { influxdb } = config.loadGenerators;
  const { scenario, service } = test;
  const template = podTemplate({
    name: runner,
    image: images.k6,
    args: [
      'run',
      // Its log is what is left of it, not a terminal: the coordinator says how far it is.
      '--quiet',
      '--out=experimental-prometheus-rw',
      ...(influxdb ? [`--out=influxdb=${influxdb.url}`] : []),
      '--tag=job=k6',
      '--tag=testid=$(TESTID)',
      `--tag=service=${service}`,
      // Without it, runners would push the same series, and overwrite each other.
      '--tag=instance_id=$(JOB_COMPLETION_INDEX)',
      '/scenario/main.js',
    ],
    env: [
      {
        name: 'THRESHOLDS',
        value: JSON.stringify(k6Thresholds(config.budgets, service, scenarios[scenario].endpoints)),
      },
      { name: 'TRACE_SAMPLING', value: String(config.tracing.sampling) },
      // Kubernetes shows it in the status of the pod, where the coordinator finds it.
      { name: 'RESULT_FILE', value: '/dev/termination-log' },
      // Settings of outputs are read from the process only; --env would set variables of the script.
      { name: 'K6_PROMETHEUS_RW_SERVER_URL', value: receiverOf(config).url },
      config.nativeHistograms
        ? { name: 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', value: 'true' }
        : { name: 'K6_PROMETHEUS_RW_TREND_STATS', value: 'p(50),p(95),p(99),avg' },
      { name: 'K6_PROMETHEUS_RW_STALE_MARKERS', value: 'true' },
      { name: 'K6_NO_USAGE_REPORT', value: 'true' },
      ...(influxdb?.secret
        ? [
            { name: 'K6_INFLUXDB_USERNAME', secret: influxdb.secret, key: 'username' },
            { name: 'K6_INFLUXDB_PASSWORD', secret: influxdb.secret, key: 'password' },
          ]
        : []),
    ],
    user: 12345,
    resources: resourcesFor(config.profile, 'k6'),
    restartPolicy: 'Never',
    // k6 ends its iterations and flushes its metrics on SIGTERM.
    terminationGracePeriodSeconds: 60,
    volumes: [configMapVolume('scenario', `k6-scenario-${scenario}`, '/scenario'), emptyDirVolume('tmp', '/tmp', 64)],
  });
  const placed = { ...template, spec: template.spec && { ...template.spec, ...placement(config, runner) } };
  // As the API has it: what is launched is no construct.
  return k8s.toJson_PodTemplateSpec(placed) as PodTemplate;
}

/** On nodes that are kept for load, each runner on its own where there are enough, and away from what is loaded. */
export function placement({ services, loadGenerators }: Config, name: string): Partial<k8s.PodSpec> {
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))];
  const { nodeSelector, tolerations } = loadGenerators;
  const topologyKey = 'kubernetes.io/hostname';
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey, labelSelector: {}, namespaces } },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selector(name) },
      },
    ],
    ...(nodeSelector ? { nodeSelector } : {}),
    ...(tolerations.length
      ? { tolerations: tolerations.map((one) => ({ ...one, operator: one.value === undefined ? 'Exists' : 'Equal' })) }
      : {}),
  };
}

/** Where runners push what they measure: the Prometheus of the stack, or the receiver that the cluster has. */
export function receiverOf({ output }: Config) {
  const { remoteWriteUrl: url, url: queries } = output.prometheus;
  if (output.mode === 'operator' && url) {
    const base = queries ?? url.replace(/\/api\/v1\/write$/, '');
    return { url, queries: `${base}/`, egress: [], connects: [urlAddress(url), urlAddress(base)] };
  }
  const own = 'http://prometheus:9090';
  return {
    url: `${own}/api/v1/write`,
    queries: `${own}/`,
    egress: [{ to: 'prometheus', port: 9090 }],
    connects: [],
  };
}
