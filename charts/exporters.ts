import { basename, dirname } from 'node:path';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { namespaceOf } from '../model/output.ts';
import { contentHash } from './lib/content-hash.ts';
import { deployment } from './lib/deployment.ts';
import { labels } from './lib/labels.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { configMapVolume } from './lib/pod.ts';
import { type Program, program } from './lib/program.ts';
import { access, watch } from './lib/rbac.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** The exporters of all targets, one Deployment each. */
export class ExportersChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    /** Those that several exporters run, once. */
    const programs = new Map<string, Program>();
    const ofEntry = (entry: string) => {
      const made = programs.get(entry) ?? program(this, basename(dirname(entry)), entry);
      programs.set(entry, made);
      return made;
    };
    for (const exporter of targets.flatMap((target) => target.exporters ?? [])) {
      const { name, image, port, probePath, watches, connects, files, program: entry, ...pod } = exporter;
      if (watches)
        access(this, {
          name,
          namespace: config.namespace,
          rules: watches.namespaces.map((namespace) => ({ namespace, rule: watch(...watches.resources) })),
        });
      if (files)
        new k8s.KubeConfigMap(this, `${name}-files`, { metadata: { name, labels: labels(name) }, data: { ...files } });
      deployment(this, {
        ...pod,
        name,
        image: this.images[image],
        ports: { metrics: port },
        probes: { port, ready: probePath },
        ...(watches ? { serviceAccount: name } : {}),
        ...(entry ? ofEntry(entry) : {}),
        // Exporters read their files at the start only.
        ...(files
          ? { volumes: [configMapVolume('files', name, '/etc/exporter')], configHash: contentHash(files) }
          : {}),
      });
      networkPolicy(
        this,
        {
          name,
          ingress: [{ from: ['prometheus'], namespace: namespaceOf('prometheus', config), port }],
          connects: connects ?? [],
          api: Boolean(watches),
        },
        config.namespace,
      );
    }
  }
}
