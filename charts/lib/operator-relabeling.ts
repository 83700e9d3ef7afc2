import { endpointsOf, type Relabel, type Target } from '../../model/target.ts';
import { filled } from './filled.ts';

/** A relabeling step, in the words of the Prometheus Operator. */
export interface RelabelConfig {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly targetLabel?: string;
  readonly replacement?: string;
  readonly action?: Relabel['action'];
}

const relabelConfig = ({ source_labels, target_label, ...step }: Relabel): RelabelConfig => ({
  ...step,
  sourceLabels: source_labels,
  targetLabel: target_label,
});

/**
 * How a target is relabeled where the operator has labelled it before: with `namespace`, `service` (the Kubernetes
 * Service, where ours is the service under test), `pod`, `container`, `endpoint` and a `job` of its own making, and
 * with what the cluster's Prometheus object says for all. All of it goes, so that the series have the labels that the
 * metrics are declared with; then the target's own steps say the rest, as in a Prometheus of the stack's own.
 */
export function relabelings(target: Target): Pick<Endpoint, 'relabelings' | 'metricRelabelings'> {
  const { relabel = [], metricRelabel = [] } = target.scrape ?? {};
  const steps: Relabel[] = [
    // The instance of a node is its name, which discovery gives it.
    { action: 'labelkeep', regex: '__.+|instance' },
    { target_label: 'job', replacement: target.name },
    ...endpointsOf(target).map(({ address, instance }) => ({
      source_labels: ['__meta_kubernetes_service_name'],
      regex: address.host,
      target_label: 'instance',
      replacement: instance,
    })),
    ...relabel,
  ];
  return { relabelings: steps.map(relabelConfig), metricRelabelings: filled(metricRelabel.map(relabelConfig)) };
}

/** What a ServiceMonitor and a PodMonitor say of a port, and a ScrapeConfig in part. */
export interface Endpoint {
  readonly targetPort?: number;
  readonly path?: string;
  readonly scheme?: 'http' | 'https';
  readonly interval: string;
  readonly scrapeTimeout: string;
  readonly honorLabels?: boolean;
  readonly honorTimestamps?: boolean;
  readonly relabelings: readonly RelabelConfig[];
  readonly metricRelabelings?: readonly RelabelConfig[];
}
