import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { checkAccounts, checksUser } from '../model/consistency-account.ts';
import { demoSecrets } from '../model/demo.ts';
import { accountsOf } from '../model/target.ts';
import type { WantedSecret } from '../model/wanted-secret.ts';
import { grafanaAdminSecret } from './grafana.ts';
import { bundle } from './lib/bundle.ts';
import { contentHash } from './lib/content-hash.ts';
import { job } from './lib/job.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume } from './lib/pod.ts';
import { type AccessProps, access } from './lib/rbac.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

const name = 'make-secrets';

/** The Secrets of a stack that nobody gave. */
export function wantedSecrets({ config, targets }: StackChartProps): WantedSecret[] {
  const { namespace } = config;
  return [
    ...(config.output.mode === 'plain' ? [{ ...grafanaAdminSecret, namespace }] : []),
    ...accountsOf(targets).map(({ secret, username }) => ({ secret, username, namespace })),
    ...checkAccounts(config)
      .filter(({ adminSecret }) => adminSecret)
      .map(({ secret }) => ({ secret, username: checksUser, namespace })),
    ...(config.demo ? Object.values(demoSecrets(config)) : []),
  ];
}

/** Makes, inside the cluster, the passwords that nobody gave: no manifest ever holds one. */
export class SecretsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const { namespace } = config;
    const wanted = wantedSecrets(props);
    const program = bundle('bots/secrets/main.ts', 'node');
    new k8s.KubeConfigMap(this, 'program', { metadata: { name, labels: labels(name) }, data: { 'main.mjs': program } });
    access(this, {
      name,
      namespace,
      rules: rights(wanted),
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
    networkPolicy(this, { name, api: true }, namespace);
  }
}

/** To create Secrets where they are wanted, and of those that exist to read and write only what is copied. */
function rights(wanted: readonly WantedSecret[]): AccessProps['rules'] {
  const rule = (namespace: string, verb: string, resourceNames?: string[]) => ({
    namespace,
    rule: { apiGroups: [''], resources: ['secrets'], verbs: [verb], resourceNames },
  });
  const namespaces = wanted.flatMap(({ namespace, copy }) => (copy ? [namespace, copy.namespace] : [namespace]));
  return [
    ...[...new Set(namespaces)].map((namespace) => rule(namespace, 'create')),
    ...wanted.flatMap(({ namespace, secret, copy }) =>
      copy ? [rule(namespace, 'get', [secret]), rule(copy.namespace, 'update', [copy.secret])] : [],
    ),
  ];
}
