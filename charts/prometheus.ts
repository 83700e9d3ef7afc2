import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { hasRuns } from '../model/config.ts';
import { endpointsOf } from '../model/target.ts';
import { ruleFile } from '../rules/index.ts';
import { coordinator, runner } from '../runs/names.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume, emptyDirVolume } from './lib/pod.ts';
import { access, watch } from './lib/rbac.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';
import { prometheusConfig } from './prometheus-config.ts';

const name = 'prometheus';
const port = 9090;

/** Prometheus, with a receiver for what load generators push. */
export class PrometheusChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    const ofRuns = hasRuns(config) ? [runner, coordinator] : [];

    new k8s.KubeConfigMap(this, 'config', {
      // Not named after its content: Prometheus reads it again when it changes, without a restart.
      metadata: { name: 'prometheus-config', labels: labels(name) },
      data: {
        'prometheus.yml': stringify(prometheusConfig(config, targets), { lineWidth: 0 }),
        'rules.yml': stringify(ruleFile(config, targets), { lineWidth: 0 }),
      },
    });

    const discoveries = targets.flatMap(({ scrape }) => (scrape ? [scrape.discovery] : []));
    const watched = [...new Set(discoveries.flatMap((found) => (found.kind === 'pods' ? found.namespaces : [])))];
    const nodes = discoveries.some(({ kind }) => kind === 'nodes');
    access(this, {
      name,
      namespace: config.namespace,
      rules: watched.map((namespace) => ({ namespace, rule: watch('pods') })),
      clusterRules: nodes ? [watch('nodes'), { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }] : [],
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
        emptyDirVolume('tmp', '/tmp', 64),
      ],
    });

    networkPolicy(
      this,
      {
        name,
        // The receiver has no authentication of its own: only those who need it reach it.
        ingress: [{ from: ['grafana', ...ofRuns], port }],
        egress: targets
          .flatMap(endpointsOf)
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
