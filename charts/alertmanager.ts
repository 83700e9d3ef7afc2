import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { contentHash } from './lib/content-hash.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';

const name = 'alertmanager';
const port = 9093;

/** Alertmanager: alerts are grouped and kept; who is told is not configured yet. */
export class AlertmanagerChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const data = {
      'alertmanager.yml': stringify({
        route: { receiver: 'none', group_by: ['alertname', 'job', 'service'] },
        receivers: [{ name: 'none' }],
      }),
    };
    new k8s.KubeConfigMap(this, 'config', { metadata: { name: 'alertmanager-config', labels: labels(name) }, data });
    statefulSet(this, {
      name,
      image: this.images.alertmanager,
      args: [
        '--config.file=/etc/alertmanager/alertmanager.yml',
        '--storage.path=/alertmanager',
        // One replica has no peers to gossip with.
        '--cluster.listen-address=',
      ],
      ports: { http: port },
      probes: { port, ready: '/-/ready', alive: '/-/healthy' },
      user: 65534,
      resources: resourcesFor(config.profile, 'alertmanager'),
      size: config.storage.alertmanager,
      storage: config.storage,
      configHash: contentHash(data),
      volumes: [
        configMapVolume('config', 'alertmanager-config', '/etc/alertmanager'),
        { name: 'data', mountPath: '/alertmanager', source: 'claim' },
      ],
    });
    networkPolicy(this, { name, ingress: [{ from: ['prometheus', 'grafana'], port }] }, config.namespace);
  }
}
