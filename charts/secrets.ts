import type { Construct } from 'constructs';
import { checkAccounts, checksUser } from '../model/consistency-account.ts';
import { demoSecrets } from '../model/demo.ts';
import { accountsOf } from '../model/target.ts';
import { storageSecrets } from '../model/tracing.ts';
import type { WantedSecret } from '../model/wanted-secret.ts';
import { grafanaAdminSecret } from './grafana.ts';
import { job } from './lib/job.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { program } from './lib/program.ts';
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
    ...storageSecrets(config),
    ...(config.demo ? Object.values(demoSecrets(config)) : []),
  ];
}

/** Makes, inside the cluster, the passwords and certificates that nobody gave: no manifest ever holds one. */
export class SecretsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const { namespace } = config;
    const wanted = wantedSecrets(props);
    access(this, {
      name,
      namespace,
      rules: rights(wanted),
    });
    job(this, {
      name,
      image: this.images.node,
      ...program(this, name, 'bots/secrets/main.ts'),
      env: [
        { name: 'WANTED', value: JSON.stringify(wanted) },
        { name: 'NODE_EXTRA_CA_CERTS', value: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
        { name: 'KUBERNETES_SERVICE_HOST', value: 'kubernetes.default.svc' },
        { name: 'KUBERNETES_SERVICE_PORT', value: '443' },
      ],
      user: 65534,
      resources: resourcesFor(config.profile, 'job'),
      serviceAccount: name,
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
  const copied = wanted.flatMap((secret) =>
    'copy' in secret && secret.copy ? [{ ...secret, copy: secret.copy }] : [],
  );
  const namespaces = [...wanted, ...copied.map(({ copy }) => copy)].map(({ namespace }) => namespace);
  return [
    ...[...new Set(namespaces)].map((namespace) => rule(namespace, 'create')),
    ...copied.flatMap(({ namespace, secret, copy }) => [
      rule(namespace, 'get', [secret]),
      rule(copy.namespace, 'update', [copy.secret]),
    ]),
  ];
}
