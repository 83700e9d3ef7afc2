import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { labels } from './labels.ts';
import { networkPolicy } from './network-policy.ts';
import { configMapVolume, scratchVolume } from './pod.ts';
import { prometheusConfig } from './prometheus-config.ts';
import { access, watchPods } from './rbac.ts';
import { resourcesFor } from './resources.ts';
import { StackChart, type StackChartProps } from './stack-chart.ts';
import { statefulSet } from './stateful-set.ts';

const name = 'prometheus';
const port = 9090;

/** Prometheus, with a receiver for what load generators push. */
export class PrometheusChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps & { readonly pushers: readonly string[] }) {
    super(scope, id, props);
    const { config, targets, pushers } = props;

    new k8s.KubeConfigMap(this, 'config', {
      // Not named after its content: Prometheus reads it again when it changes, without a restart.
      metadata: { name: 'prometheus-config', labels: labels(name) },
      data: { 'prometheus.yml': stringify(prometheusConfig(config, targets), { lineWidth: 0 }) },
    });

    const discoveries = targets.flatMap(({ scrape }) => (scrape ? [scrape.discovery] : []));
    const watched = [...new Set(discoveries.flatMap((found) => (found.kind === 'pods' ? found.namespaces : [])))];
    const nodes = discoveries.some(({ kind }) => kind === 'nodes');
    access(this, {
      name,
      namespace: config.namespace,
      rules: watched.map((namespace) => ({ namespace, rule: watchPods })),
      clusterRules: nodes
        ? [
            { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
            { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
          ]
        : [],
    });

    statefulSet(this, {
      name,
      image: this.images.prometheus,
      args: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--config.auto-reload',
        '--storage.tsdb.path=/prometheus',
        '--web.enable-remote-write-receiver',
      ],
      ports: { http: port },
      probes: { port, ready: '/-/ready', alive: '/-/healthy', startSeconds: 600 },
      user: 65534,
      resources: resourcesFor(config.profile, 'prometheus'),
      serviceAccount: name,
      // Time to write the head block down.
      terminationGracePeriodSeconds: 300,
      size: config.storage.prometheus,
      storage: config.storage,
      volumes: [
        configMapVolume('config', 'prometheus-config', '/etc/prometheus'),
        { name: 'data', mountPath: '/prometheus', source: 'claim' },
        scratchVolume('tmp', '/tmp', 64),
      ],
    });

    const endpoints = discoveries.flatMap((found) => (found.kind === 'static' ? found.endpoints : []));
    networkPolicy(
      this,
      {
        name,
        // The receiver has no authentication of its own: only those who need it reach it.
        ingress: [{ from: ['grafana', ...pushers], port }],
        egress: endpoints
          .filter(({ address }) => address.host !== 'localhost')
          .map(({ address }) => ({ to: address.host, port: address.port })),
        namespaces: watched,
        api: watched.length > 0 || nodes,
        nodePorts: nodes ? [10250] : [],
      },
      config.namespace,
    );
  }
}
