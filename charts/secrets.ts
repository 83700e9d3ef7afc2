import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { accountsOf } from '../model/target.ts';
import { grafanaAdminSecret } from './grafana.ts';
import { bundle } from './lib/bundle.ts';
import { contentHash } from './lib/content-hash.ts';
import { job } from './lib/job.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume } from './lib/pod.ts';
import { access } from './lib/rbac.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

const name = 'make-secrets';

/** Makes, inside the cluster, the passwords that nobody gave: no manifest ever holds one. */
export class SecretsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    const wanted = [grafanaAdminSecret, ...accountsOf(targets).map(({ secret, username }) => ({ secret, username }))];
    const program = bundle('bots/secrets/main.ts', 'node');
    new k8s.KubeConfigMap(this, 'program', { metadata: { name, labels: labels(name) }, data: { 'main.mjs': program } });
    access(this, {
      name,
      namespace: config.namespace,
      rules: [{ namespace: config.namespace, rule: { apiGroups: [''], resources: ['secrets'], verbs: ['create'] } }],
    });
    job(this, {
      name,
      image: this.images.node,
      command: ['node', '/program/main.mjs'],
      env: [
        { name: 'WANTED', value: JSON.stringify(wanted) },
        { name: 'NODE_EXTRA_CA_CERTS', value: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
        { name: 'KUBERNETES_SERVICE_HOST', value: 'kubernetes.default.svc' },
        { name: 'KUBERNETES_SERVICE_PORT', value: '443' },
      ],
      user: 65534,
      resources: resourcesFor(config.profile, 'job'),
      serviceAccount: name,
      volumes: [configMapVolume('program', name, '/program')],
      configHash: contentHash(program),
    });
    networkPolicy(this, { name, api: true }, config.namespace);
  }
}
