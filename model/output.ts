import * as z from 'zod';
import { dnsLabel, labelMap, webUrl } from './patterns.ts';

/** What the stack is made of: its own Prometheus and Grafana, or objects for those that the cluster has. */

const Prometheus = z.strictObject({
  namespace: dnsLabel().default('monitoring').meta({ description: 'Where the Prometheus runs that is to scrape.' }),
  labels: labelMap.default({ release: 'kube-prometheus-stack' }).meta({
    description: 'Labels that it selects its monitors and rules by.',
  }),
  remoteWriteUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .regex(/^[^@]*$/, 'holds a user or a password, which would be in a manifest')
    .regex(
      /^https?:\/\/[^/]+\/./,
      'must be the whole address of the receiver, for example http://prometheus-operated.monitoring.svc:9090/api/v1/write',
    )
    .optional()
    .meta({ description: 'Receiver of what k6 measures. Required where there are load tests.' }),
  url: webUrl.optional().meta({
    description: 'Base address that verdicts are asked of. Left out: remoteWriteUrl without /api/v1/write.',
  }),
});

const Grafana = z.strictObject({
  namespace: dnsLabel().default('monitoring').meta({ description: 'Where the Grafana runs that is to show.' }),
  dashboards: z.enum(['sidecar', 'grafana-operator']).default('sidecar').meta({
    description:
      '`sidecar`: ConfigMaps with the label grafana_dashboard, for the sidecar of the Grafana chart. `grafana-operator`: GrafanaDashboards.',
  }),
  instanceSelector: labelMap.default({ dashboards: 'grafana' }).meta({
    description: 'Labels of the Grafana object that GrafanaDashboards are for.',
  }),
});

export const Output = z.strictObject({
  mode: z.enum(['plain', 'operator']).meta({
    description:
      '`plain`: a Prometheus, an Alertmanager and a Grafana of its own. `operator`: monitors, rules and dashboards for a Prometheus Operator and a Grafana that the cluster has ([operator.md](operator.md)); the rest of `output` is for this mode.',
  }),
  prometheus: Prometheus.prefault({}).meta({ description: "The cluster's Prometheus." }),
  grafana: Grafana.prefault({}).meta({ description: "The cluster's Grafana." }),
});

interface Stack {
  readonly namespace: string;
  readonly output: z.infer<typeof Output>;
}

/** Where Prometheus or Grafana runs: beside the rest of the stack, or where the cluster has its own. */
export const namespaceOf = (name: 'prometheus' | 'grafana', { namespace, output }: Stack): string =>
  output.mode === 'operator' ? output[name].namespace : namespace;
