import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { elasticsearchEnv, storageName, traceStorage } from '../model/tracing.ts';
import { port } from './lib/elasticsearch.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { type PodProps, podTemplate } from './lib/pod.ts';
import { program } from './lib/program.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { sparkPod } from './spark-links.ts';

const retention = 'trace-retention';
const links = 'trace-links';

/** What Zipkin does not do itself: old spans go, and the graph of who calls whom is drawn. */
export class TraceStorageChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const { index, retentionDays, dependencies } = config.tracing;
    const storage = traceStorage(config);
    const { command, volumes } = program(this, 'trace-storage', 'bots/trace-storage/main.ts');
    const pod = (name: string, args: readonly string[]): PodProps => ({
      name,
      image: this.images.node,
      command: [...command, ...args],
      env: [
        { name: 'PATIENCE_SECONDS', value: '50' },
        ...elasticsearchEnv(storage),
        { name: 'INDEX', value: index },
        { name: 'RETENTION_DAYS', value: String(retentionDays) },
      ],
      user: 65534,
      resources: resourcesFor(config.profile, 'job'),
      volumes,
    });
    const linksPod = (day: 'today' | 'yesterday') =>
      dependencies === 'spark'
        ? sparkPod({ name: links, image: this.images.zipkinDependencies, index, storage, day })
        : pod(links, ['links', day]);

    this.cronJob(retention, '17 * * * *', pod(retention, ['retention']));
    if (dependencies !== 'none') {
      this.cronJob(links, '47 * * * *', linksPod('today'));
      // Spans arrive late, and today's last run leaves out what came after it.
      this.cronJob(`${links}-yesterday`, '27 0 * * *', linksPod('yesterday'));
    }
    for (const name of [retention, ...(dependencies === 'none' ? [] : [links])])
      networkPolicy(
        this,
        { name, ...(storage.own ? { egress: [{ to: storageName, port }] } : { connects: storage.addresses }) },
        config.namespace,
      );
  }

  private cronJob(name: string, schedule: string, pod: PodProps): void {
    const metadata = { labels: labels(pod.name) };
    new k8s.KubeCronJob(this, name, {
      metadata: { ...metadata, name },
      spec: {
        schedule,
        // Zipkin's days are those of UTC.
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata,
          spec: {
            // The next hour tries again as well.
            backoffLimit: 2,
            // One that hangs would keep all that follow from starting.
            activeDeadlineSeconds: 3300,
            template: podTemplate({ ...pod, restartPolicy: 'Never' }),
          },
        },
      },
    });
  }
}
