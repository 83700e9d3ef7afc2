import type { Config, ServiceConfig } from '../model/config.ts';
import { dataSystems } from '../model/data-systems.ts';
import type { Relabel } from '../model/target.ts';

/** The letters Kubernetes makes random names of: no vowels, no digit that resembles a letter. */
const random = '[bcdfghjklmnpqrstvwxz2456789]';

/**
 * What follows a workload's name in its pods' names: `-<hash>-<random>` of a Deployment, `-<random>` of a
 * DaemonSet, `-<ordinal>` of a StatefulSet. A hash of fewer than six letters is one in ten thousand; allowing
 * it would take `shop-db-0` for a pod of `shop`.
 */
const podSuffix = `-(?:${random}{6,10}-${random}{5}|${random}{5}|\\d+)`;

/** What is labelled: services, and data systems of the cluster that are not called like one of them. */
function workloads(config: Config): Pick<ServiceConfig, 'name' | 'namespace' | 'workload'>[] {
  const names = new Set(config.services.map(({ name }) => name));
  const systems = dataSystems(config).flatMap(({ workload, namespace }) => {
    if (workload === undefined || namespace === undefined || names.has(workload)) return [];
    names.add(workload);
    return [{ name: workload, namespace }];
  });
  return [...config.services, ...systems];
}

/**
 * Steps that give a series with `namespace` and `pod` the `service` it belongs to, or the data system. Container
 * metrics know no labels of a pod, so the pod's name has to tell. Those whose workload has their own name share one
 * step per namespace.
 */
export function serviceFromPod(config: Config): Relabel[] {
  const source_labels = ['namespace', 'pod'];
  const byNamespace = new Map<string, string[]>();
  const renamed: Relabel[] = [];
  for (const { name, namespace, workload = name } of workloads(config)) {
    if (workload === name) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
    else
      renamed.push({
        source_labels,
        regex: `${namespace};${workload}${podSuffix}`,
        target_label: 'service',
        replacement: name,
      });
  }
  const shared = [...byNamespace].map(([namespace, names]) => ({
    source_labels,
    regex: `${namespace};(${names.join('|')})${podSuffix}`,
    target_label: 'service',
    replacement: '$1',
  }));
  return [...shared, ...renamed];
}
