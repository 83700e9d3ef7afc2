import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Config } from '../model/config.ts';
import { namespaceOf } from '../model/output.ts';
import { storageName, traceStorage, zipkinPods } from '../model/tracing.ts';
import { deployment } from './lib/deployment.ts';
import { port as storagePort } from './lib/elasticsearch.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { scaledDeployment } from './lib/scaled-deployment.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { zipkinStorage } from './zipkin-storage.ts';

const name = 'zipkin';
const port = 9411;

/** Zipkin, on an Elasticsearch that is not under test: storing spans in that one would slow what is measured. */
export class ZipkinChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const resources = resourcesFor(config.profile, 'zipkin');
    const heap = resources.limits.memory / 2;
    const storage = zipkinStorage(config, this.images.node);
    const several = zipkinPods(config) > 1;
    const pod = {
      name,
      image: this.images.zipkin,
      env: Object.entries({
        ...storage.env,
        COLLECTOR_SAMPLE_RATE: String(config.tracing.collectorSampling),
        // The heap the image chooses is sized for a laptop. The other half is for threads and network buffers.
        JAVA_OPTS: [`-Xms${heap}m -Xmx${heap}m -XX:+ExitOnOutOfMemoryError`, ...storage.javaOptions].join(' '),
      }).map(([variable, value]) => ({ name: variable, value })),
      ports: { http: port },
      // Not ready while its storage is away; alive as long as it answers.
      probes: { port, ready: '/health', startSeconds: 300 },
      user: 1000,
      resources,
      spread: several,
      init: storage.init,
      volumes: [emptyDirVolume('tmp', '/tmp', 128), ...storage.volumes],
    };
    if (several) scaledDeployment(this, { ...pod, replicas: zipkinPods(config) });
    else deployment(this, pod);
    if (config.tracing.ingress) this.ingress(config.tracing.ingress);
    this.ways(config);
  }

  private ingress({ host, className, tlsSecret }: NonNullable<Config['tracing']['ingress']>): void {
    new k8s.KubeIngress(this, 'ingress', {
      metadata: { name, labels: labels(name) },
      spec: {
        ingressClassName: className,
        tls: tlsSecret ? [{ hosts: [host], secretName: tlsSecret }] : undefined,
        rules: [
          {
            host,
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } }],
            },
          },
        ],
      },
    });
  }

  private ways(config: Config): void {
    const { own, addresses } = traceStorage(config);
    const { ingress } = config.tracing;
    const senders = config.services.map(({ namespace }) => namespace);
    // By its namespace, because the Grafana Operator labels pods in a way of its own.
    if (config.output.mode === 'operator') senders.push(config.output.grafana.namespace);
    // The same of ingress controllers.
    if (ingress) senders.push(ingress.controllerNamespace);
    networkPolicy(
      this,
      {
        name,
        ingress: [
          { from: ['prometheus'], namespace: namespaceOf('prometheus', config), port },
          ...(config.output.mode === 'plain' ? [{ from: ['grafana'], port }] : []),
        ],
        ingressNamespaces: [{ namespaces: [...new Set(senders)], port }],
        ...(own ? { egress: [{ to: storageName, port: storagePort }] } : { connects: addresses }),
      },
      config.namespace,
    );
  }
}
