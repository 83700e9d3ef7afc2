import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { profiles } from '../k6-jobs/profiles.ts';
import { urlAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { bundle } from './lib/bundle.ts';
import { k6Thresholds } from './lib/k6-thresholds.ts';
import { k6Name, labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume, emptyDirVolume, podTemplate } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** Seconds beyond the profile that a run may take to start, to flush what it measured, and to end. */
const margin = 300;

/**
 * The load tests. Each is a suspended CronJob, so that applying the stack starts none of them; a launch is
 * `kubectl create job RUN --from=cronjob/k6-NAME`, and the Job's name is the id of the run.
 */
export class K6Chart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const receiver = receiverOf(config);
    const scenarios = [...new Set(config.loadTests.map(({ scenario }) => scenario))];
    for (const scenario of scenarios)
      new k8s.KubeConfigMap(this, `scenario-${scenario}`, {
        metadata: { name: `k6-scenario-${scenario}`, labels: labels('k6') },
        data: { 'main.js': bundle(`k6-jobs/scenarios/${scenario}.ts`, 'k6') },
      });

    for (const { name: test, scenario, profile, service, url } of config.loadTests) {
      const name = k6Name(test);
      const { vus, duration } = profiles[profile];
      const template = podTemplate({
        name,
        image: this.images.k6,
        args: [
          'run',
          '--out=experimental-prometheus-rw',
          '--tag=job=k6',
          '--tag=testid=$(TESTID)',
          `--tag=service=${service}`,
          '/scenario/main.js',
        ],
        env: [
          // The run's id is the name of its Job, which the pod knows from a label that the Job gives it.
          { name: 'TESTID', podField: "metadata.labels['batch.kubernetes.io/job-name']" },
          { name: 'BASE_URL', value: url },
          { name: 'VUS', value: String(vus) },
          { name: 'DURATION', value: String(duration) },
          { name: 'THRESHOLDS', value: JSON.stringify(k6Thresholds(config.budgets, service)) },
          // Settings of outputs are read from the process only; --env would set variables of the script.
          { name: 'K6_PROMETHEUS_RW_SERVER_URL', value: receiver.url },
          config.nativeHistograms
            ? { name: 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', value: 'true' }
            : { name: 'K6_PROMETHEUS_RW_TREND_STATS', value: 'p(50),p(95),p(99),avg' },
          { name: 'K6_PROMETHEUS_RW_STALE_MARKERS', value: 'true' },
          { name: 'K6_NO_USAGE_REPORT', value: 'true' },
        ],
        user: 12345,
        resources: resourcesFor(config.profile, 'k6'),
        restartPolicy: 'Never',
        // k6 ends its iterations and flushes its metrics on SIGTERM.
        terminationGracePeriodSeconds: 60,
        volumes: [
          configMapVolume('scenario', `k6-scenario-${scenario}`, '/scenario'),
          emptyDirVolume('tmp', '/tmp', 64),
        ],
      });
      new k8s.KubeCronJob(this, name, {
        metadata: { name, labels: labels(name) },
        spec: {
          suspend: true,
          // Never comes due while suspended; a CronJob has to have one.
          schedule: '0 0 1 1 *',
          concurrencyPolicy: 'Forbid',
          startingDeadlineSeconds: 60,
          successfulJobsHistoryLimit: 10,
          failedJobsHistoryLimit: 10,
          jobTemplate: {
            metadata: { labels: labels(name) },
            spec: {
              // A load test that failed has an answer; a second try would only blur it.
              backoffLimit: 0,
              activeDeadlineSeconds: duration + margin,
              template,
            },
          },
        },
      });
      networkPolicy(
        this,
        { name, egress: receiver.egress, connects: [...receiver.connects, urlAddress(url)] },
        config.namespace,
      );
    }
  }
}

/** Where runners push what they measure: the Prometheus of the stack, or the receiver that the cluster has. */
function receiverOf({ output }: Config) {
  const { remoteWriteUrl: url } = output.prometheus;
  return output.mode === 'operator' && url
    ? { url, egress: [], connects: [urlAddress(url)] }
    : { url: 'http://prometheus:9090/api/v1/write', egress: [{ to: 'prometheus', port: 9090 }], connects: [] };
}
