import { type Config, cadvisorNamespace } from '../../model/config.ts';
import { dataSystems, placeOfSystem } from '../../model/data-systems.ts';
import { labelValues, max, rate, ruleWindow, sum } from '../../model/promql.ts';
import type { Relabel, Scrape, Target } from '../../model/target.ts';
import { serviceFromPod } from '../workload.ts';
import { alerts } from './alerts.ts';
import { indicators } from './indicators.ts';
import { panels } from './panels.ts';
import { cpuOfLimit, memory, memoryOfLimit, metrics, nodeCpu, ofAnyService, throttled } from './use.ts';

/** Of the cgroups above the pods only that of the whole node stays; the others would count everything again. */
const podsAndNode: Relabel = {
  source_labels: ['__name__', 'id', 'pod'],
  regex: 'machine_.+|.+;/;|.+;.*;.+',
  action: 'keep',
};

/**
 * cAdvisor looks at a container every ten seconds or more seldom, and stamps its samples so. Under the time
 * of the scrape a short window still holds two samples, where under their own it would be empty; and a
 * container that is gone ends at once.
 */
const honorTimestamps = false;

const kubelet = (config: Config): Scrape => ({
  discovery: { kind: 'nodes' },
  scheme: 'https',
  path: '/metrics/cadvisor',
  honorLabels: true,
  honorTimestamps,
  metricRelabel: [podsAndNode, ...serviceFromPod(config)],
});

/** The labels that a stand-alone cAdvisor takes from the container runtime, under the names the kubelet gives them. */
const runtimeLabels: Relabel[] = Object.entries({
  namespace: 'pod_namespace',
  pod: 'pod_name',
  container: 'container_name',
}).map(([target_label, source]) => ({ source_labels: [`container_label_io_kubernetes_${source}`], target_label }));

const cadvisor = (config: Config): Scrape => ({
  discovery: { kind: 'pods', namespaces: [cadvisorNamespace(config)] },
  honorLabels: true,
  honorTimestamps,
  relabel: [
    { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: 'cadvisor', action: 'keep' },
    { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'instance' },
  ],
  metricRelabel: [
    ...runtimeLabels,
    { regex: 'container_label_.*', action: 'labeldrop' },
    podsAndNode,
    ...serviceFromPod(config),
  ],
});

/** CPU, memory and network of containers, by service. */
export function containers(config: Config): Target {
  const window = ruleWindow(config);
  const elsewhere = dataSystems(config).flatMap(({ workload: of, kind }) => {
    const place = placeOfSystem[kind];
    return of === undefined ? [] : [{ of, ...(place ? { place } : {}) }];
  });
  return {
    name: 'containers',
    title: 'Containers',
    metrics,
    scrape: (config.containerMetrics.source === 'kubelet' ? kubelet : cadvisor)(config),
    resources: [
      {
        resource: 'cpu',
        place: { stage: 'compute', depth: 4 },
        elsewhere,
        facet: 'utilization',
        of: 'service',
        pressure: `${max(cpuOfLimit(ofAnyService, window), 'service')} / 0.8`,
      },
      {
        resource: 'cpu',
        place: { stage: 'compute', depth: 4 },
        elsewhere,
        facet: 'saturation',
        of: 'service',
        // Stopped in a quarter of the periods, a request waits for tens of milliseconds again and again.
        pressure: `${max(throttled(ofAnyService, window), 'service')} / 0.25`,
      },
      {
        resource: 'memory',
        place: { stage: 'compute', depth: 3 },
        elsewhere,
        facet: 'utilization',
        of: 'service',
        pressure: `${max(memoryOfLimit(ofAnyService), 'service')} / 0.9`,
      },
      {
        resource: 'node-cpu',
        place: { stage: 'compute', depth: 3.5 },
        facet: 'utilization',
        of: 'instance',
        pressure: `${nodeCpu(window)} / 0.9`,
      },
    ],
    variables: [
      {
        name: 'service',
        label: 'Service',
        query: labelValues(metrics.memory, 'service', { service: '!=' }),
        order: 'ascending',
      },
    ],
    alerts: alerts(config),
    indicators: indicators(config),
    figures: [
      { name: 'cpu', expr: sum(rate(metrics.cpu, ofAnyService, window), 'service') },
      { name: 'memory', expr: sum(memory(ofAnyService), 'service') },
    ],
    panels: panels(config),
  };
}
