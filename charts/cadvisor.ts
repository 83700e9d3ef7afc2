import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { cadvisorNamespace } from '../model/config.ts';
import { namespaceOf } from '../model/output.ts';
import { labels, selector } from './lib/labels.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

const name = 'cadvisor';
const port = 8080;

/** Folders of the node that cAdvisor reads. */
const hostPaths = {
  rootfs: ['/', '/rootfs'],
  run: ['/var/run', '/var/run'],
  sys: ['/sys', '/sys'],
  disk: ['/dev/disk', '/dev/disk'],
};

const quantity = (cpu: string, memory: string, disk: string) => ({
  cpu: k8s.Quantity.fromString(cpu),
  memory: k8s.Quantity.fromString(memory),
  'ephemeral-storage': k8s.Quantity.fromString(disk),
});

/** A cAdvisor on every node, in a namespace of its own: what it reads of the nodes takes root. */
export class CadvisorChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const namespace = cadvisorNamespace(props.config);
    const httpGet = { path: '/healthz', port: k8s.IntOrString.fromNumber(port) };
    new k8s.KubeDaemonSet(this, name, {
      metadata: { name, namespace, labels: labels(name) },
      spec: {
        selector: { matchLabels: selector(name) },
        template: {
          metadata: { labels: labels(name) },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            // A node is monitored whatever it is reserved for.
            tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
            containers: [
              {
                name,
                image: this.images.cadvisor,
                imagePullPolicy: 'IfNotPresent',
                args: [
                  '--housekeeping_interval=10s',
                  '--store_container_labels=false',
                  '--whitelisted_container_labels=io.kubernetes.container.name,io.kubernetes.pod.name,io.kubernetes.pod.namespace',
                  '--disable_metrics=advtcp,cpu_topology,cpuset,hugetlb,memory_numa,percpu,process,referenced_memory,resctrl,sched,tcp,udp',
                ],
                ports: [{ name: 'metrics', containerPort: port }],
                readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5 },
                livenessProbe: { tcpSocket: { port: httpGet.port }, periodSeconds: 15, failureThreshold: 4 },
                resources: { requests: quantity('50m', '128Mi', '16Mi'), limits: quantity('800m', '512Mi', '64Mi') },
                securityContext: {
                  runAsUser: 0,
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH', 'SYS_PTRACE'] },
                },
                volumeMounts: Object.entries(hostPaths).map(([volume, [, mountPath = '']]) => ({
                  name: volume,
                  mountPath,
                  readOnly: true,
                })),
                terminationMessagePolicy: 'FallbackToLogsOnError',
              },
            ],
            volumes: Object.entries(hostPaths).map(([volume, [path = '']]) => ({ name: volume, hostPath: { path } })),
          },
        },
      },
    });
    new k8s.KubeNetworkPolicy(this, 'policy', {
      metadata: { name, namespace, labels: labels(name) },
      spec: {
        podSelector: { matchLabels: selector(name) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchLabels: { 'kubernetes.io/metadata.name': namespaceOf('prometheus', props.config) },
                },
                podSelector: { matchLabels: selector('prometheus') },
              },
            ],
            ports: [{ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' }],
          },
        ],
      },
    });
  }
}
