import { isKubectlError, type Kubectl } from '../../clients/kubectl.ts';
import type { Config } from '../../model/config.ts';
import type { DataSystem } from '../../model/data-systems.ts';
import type { Environment, RunEvent } from '../archive.ts';
import { changesOf } from './cluster-events.ts';
import { type ClusterEvent, type Node, quantity, sumOf, type Workload } from './workloads.ts';

/** What the cluster says of itself. */
export interface ClusterFacts {
  /** Left out: it does not say. */
  readonly kubernetes?: string;
  readonly services: Environment['services'];
  readonly nodes: Environment['nodes'];
  readonly events: readonly RunEvent[];
  readonly gaps: readonly string[];
}

/** Reads what surrounds a run as it is now, and what has happened in its time. What it may not read is a gap. */
export async function clusterFacts(
  kubectl: Pick<Kubectl, 'get' | 'list'>,
  config: Pick<Config, 'services'>,
  systems: readonly DataSystem[],
  run: { readonly start: number; readonly end: number },
): Promise<ClusterFacts> {
  const gaps: string[] = [];
  const read = async <Answer>(what: string, answer: Promise<Answer>): Promise<Answer | undefined> =>
    answer.catch((error) => {
      if (!isKubectlError(error)) throw error;
      gaps.push(`${what}: ${error.message}`);
      return undefined;
    });
  const version = await read('Version of Kubernetes', kubectl.get<{ readonly gitVersion: string }>('/version'));
  const nodes = (await read('Nodes', kubectl.list<Node>('/api/v1/nodes'))) ?? [];
  const [services, events]: [Environment['services'][number][], RunEvent[]] = [[], []];
  for (const namespace of namespacesOf(config, systems)) {
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    const of = `of the namespace ${namespace}`;
    for (const kind of ['Deployments', 'StatefulSets']) {
      const found = await read(`${kind} ${of}`, kubectl.list<Workload>(`${apps}/${kind.toLowerCase()}`));
      services.push(...(found ?? []).map((workload) => serviceOf(workload, namespace, config)));
    }
    const replicaSets = await read(`Deploys ${of}`, kubectl.list<Workload>(`${apps}/replicasets`));
    const happened = await read(`Events ${of}`, kubectl.list<ClusterEvent>(`/api/v1/namespaces/${namespace}/events`));
    events.push(...changesOf(replicaSets ?? [], happened ?? [], run));
  }
  return {
    ...(version ? { kubernetes: version.gitVersion } : {}),
    services,
    nodes: nodes.map(({ metadata, status: { capacity, nodeInfo } }) => ({
      name: metadata.name,
      cores: quantity(capacity.cpu) ?? 0,
      memory: quantity(capacity.memory) ?? 0,
      kubelet: nodeInfo.kubeletVersion,
    })),
    events,
    gaps,
  };
}

/** Where the services and the systems behind them run. */
const namespacesOf = ({ services }: Pick<Config, 'services'>, systems: readonly DataSystem[]): string[] => [
  ...new Set([...services, ...systems].flatMap(({ namespace }) => namespace ?? [])),
];

function serviceOf(
  workload: Workload,
  namespace: string,
  { services }: Pick<Config, 'services'>,
): Environment['services'][number] {
  const { metadata, spec } = workload;
  const own = services.find((one) => one.namespace === namespace && (one.workload ?? one.name) === metadata.name);
  const name = own?.name ?? metadata.name;
  const { containers } = spec.template.spec;
  const image = (containers.find((container) => container.name === name) ?? containers[0])?.image ?? '';
  const bounds = {
    cpuLimit: sumOf(workload, 'limits', 'cpu'),
    memoryLimit: sumOf(workload, 'limits', 'memory'),
    cpuRequest: sumOf(workload, 'requests', 'cpu'),
    memoryRequest: sumOf(workload, 'requests', 'memory'),
  };
  return {
    ...{ name, namespace, image, replicas: spec.replicas ?? 1 },
    ...Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined)),
  };
}
