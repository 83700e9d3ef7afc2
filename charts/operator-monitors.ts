import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Config } from '../model/config.ts';
import { endpointsOf, type Scrape, scrapeTimeout, type Target } from '../model/target.ts';
import { labels, selector } from './lib/labels.ts';
import { type Endpoint, relabelings } from './lib/operator-relabeling.ts';
import { access } from './lib/rbac.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** Account that reads the kubelets, and the Secret with its token. */
const kubeletAccount = 'kubelet-metrics';

/** Zipkin and older Micrometer versions send a content type that Prometheus 3 does not know. */
const fallbackScrapeProtocol = 'PrometheusText0.0.4';

/** What the cluster's Prometheus is to scrape: a monitor for each target, by its name. */
export class OperatorMonitorsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    for (const target of targets) {
      const { scrape } = target;
      if (!scrape) continue;
      if (scrape.discovery.kind === 'nodes') this.kubelets(target, scrape, config);
      else
        new ApiObject(this, `monitor-${target.name}`, {
          apiVersion: 'monitoring.coreos.com/v1',
          metadata: metadata(target.name, config),
          ...monitor(target, scrape, config),
        });
    }
  }

  /**
   * A ScrapeConfig, because the kubelets have no Service that could be counted on. It can name a token in a Secret
   * only, not the file that a Prometheus has of its own: hence an account that may read metrics and nothing else.
   */
  private kubelets(target: Target, scrape: Scrape, config: Config): void {
    access(this, {
      name: kubeletAccount,
      namespace: config.namespace,
      rules: [],
      clusterRules: [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }],
    });
    // Without data: Kubernetes puts the token in.
    new k8s.KubeSecret(this, 'kubelet-token', {
      metadata: {
        name: kubeletAccount,
        labels: labels(kubeletAccount),
        annotations: { 'kubernetes.io/service-account.name': kubeletAccount },
      },
      type: 'kubernetes.io/service-account-token',
    });
    const { path, scheme, interval, ...endpoint } = endpointOf(target, scrape, config);
    new ApiObject(this, `monitor-${target.name}`, {
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'ScrapeConfig',
      metadata: metadata(target.name, config),
      spec: {
        ...endpoint,
        kubernetesSDConfigs: [{ role: 'Node' }],
        metricsPath: path,
        // In capitals, which every version takes.
        scheme: scheme?.toUpperCase(),
        scrapeInterval: interval,
        authorization: { credentials: { name: kubeletAccount, key: 'token' } },
        // Most clusters leave the kubelet with a certificate that it signed itself.
        tlsConfig: { insecureSkipVerify: true },
        fallbackScrapeProtocol,
      },
    });
  }
}

const metadata = (name: string, { output }: Config) => ({
  name,
  labels: { ...labels(name), ...output.prometheus.labels },
});

function monitor(target: Target, scrape: Scrape, config: Config) {
  const endpoint = endpointOf(target, scrape, config);
  if (scrape.discovery.kind === 'pods')
    return {
      kind: 'PodMonitor',
      spec: {
        // Every pod, of which relabeling keeps those of the services; its port and path differ from one to the next.
        selector: {},
        namespaceSelector: { matchNames: scrape.discovery.namespaces },
        podMetricsEndpoints: [endpoint],
        fallbackScrapeProtocol,
      },
    };
  const addresses = endpointsOf(target).map(({ address }) => address);
  const [label = ''] = Object.keys(selector(''));
  return {
    kind: 'ServiceMonitor',
    spec: {
      selector: {
        matchExpressions: [{ key: label, operator: 'In', values: addresses.map(({ host }) => host) }],
      },
      endpoints: [...new Set(addresses.map(({ port }) => port))].map((targetPort) => ({ ...endpoint, targetPort })),
      fallbackScrapeProtocol,
    },
  };
}

function endpointOf(target: Target, scrape: Scrape, { scrapeInterval }: Config): Endpoint {
  const { path, scheme, honorLabels, honorTimestamps } = scrape;
  return {
    path,
    scheme,
    interval: scrapeInterval,
    scrapeTimeout: scrapeTimeout(scrapeInterval),
    honorLabels,
    honorTimestamps,
    ...relabelings(target),
  };
}
