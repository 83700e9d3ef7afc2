import { readdirSync, readFileSync } from 'node:fs';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { type Address, parseAddress, urlAddress } from '../model/address.ts';
import type { Alerting } from '../model/alerting.ts';
import { alertmanagerConfig, folders, secretFiles } from './alertmanager-config.ts';
import { contentHash } from './lib/content-hash.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume, type Volume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';

const name = 'alertmanager';
const port = 9093;

/** Alertmanager: alerts are grouped and kept, and told to the receivers of the config. */
export class AlertmanagerChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const data = {
      'alertmanager.yml': stringify(alertmanagerConfig(config.alerting), { lineWidth: 0 }),
      ...templates(),
    };
    new k8s.KubeConfigMap(this, 'config', { metadata: { name: 'alertmanager-config', labels: labels(name) }, data });
    statefulSet(this, {
      name,
      image: this.images.alertmanager,
      args: [
        `--config.file=${folders.config}/alertmanager.yml`,
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
        configMapVolume('config', 'alertmanager-config', folders.config),
        { name: 'data', mountPath: '/alertmanager', source: 'claim' },
        ...secretFiles(config.alerting).map(
          ({ name: volume, secret: secretName, key, folder }): Volume => ({
            name: volume,
            mountPath: folder,
            // One receiver whose Secret is not there yet is no reason to tell the others nothing.
            source: { secret: { secretName, items: [{ key, path: key }], optional: true } },
            readOnly: true,
          }),
        ),
      ],
    });
    networkPolicy(
      this,
      { name, ingress: [{ from: ['prometheus', 'grafana'], port }], connects: addressesOf(config.alerting) },
      config.namespace,
    );
  }
}

/** Go templates of what is told, by the names of their files. */
function templates(): Record<string, string> {
  const folder = new URL('alertmanager/', import.meta.url);
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]),
  );
}

/** Where Alertmanager has to get to. Of a URL in a Secret only the usual ports are known. */
const addressesOf = ({ receivers }: Pick<Alerting, 'receivers'>): Address[] =>
  receivers.flatMap(({ slack, email, webhook, pagerduty }) => [
    ...(slack ? [outside(443)] : []),
    ...(email ? [parseAddress(email.smarthost)] : []),
    ...(webhook?.url ? [urlAddress(webhook.url)] : []),
    ...(webhook?.secret ? [outside(80), outside(443)] : []),
    ...(pagerduty ? [urlAddress(pagerduty.url)] : []),
  ]);

/** Somewhere beyond the cluster: a policy sees the port and no name. */
const outside = (port: number): Address => ({ host: 'somewhere.example.com', port });
