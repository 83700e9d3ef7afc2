import { loadOf } from '../../k6-jobs/profiles.ts';
import { generators } from '../../runs/generator.ts';
import type { LoadProps } from '../../runs/load-job.ts';
import type { PodTemplate } from '../../runs/plan.ts';

/** A runner's pod template, with what a chart puts into one. */
const template = {
  metadata: { labels: { 'app.kubernetes.io/name': 'k6', 'app.kubernetes.io/part-of': 'loadscope' } },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 60,
    nodeSelector: { pool: 'load' },
    tolerations: [{ key: 'load', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: {}, namespaces: ['shop'] },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'k6' } },
      },
    ],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 12345,
      runAsGroup: 12345,
      fsGroup: 12345,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'k6',
        image: 'docker.io/grafana/k6:2.2.0',
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePolicy: 'FallbackToLogsOnError',
        args: [
          'run',
          '--out=experimental-prometheus-rw',
          '--out=influxdb=http://influxdb.metrics:8086/k6?a=1&b=2',
          '--tag=job=k6',
          '--tag=testid=$(TESTID)',
          '--tag=service=shop',
          '--tag=instance_id=$(JOB_COMPLETION_INDEX)',
          '/scenario/main.js',
        ],
        env: [
          { name: 'THRESHOLDS', value: '{"http_req_duration":["p(95)<500"]}' },
          { name: 'BASE_URL', value: 'http://not.this.one' },
          { name: 'RESULT_FILE', value: '/dev/termination-log' },
          { name: 'K6_PROMETHEUS_RW_SERVER_URL', value: 'http://prometheus:9090/api/v1/write' },
          { name: 'K6_INFLUXDB_PASSWORD', valueFrom: { secretKeyRef: { name: 'influxdb', key: 'password' } } },
        ],
        resources: {
          requests: { cpu: '200m', memory: '256Mi', 'ephemeral-storage': '32Mi' },
          limits: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '256Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'scenario', mountPath: '/scenario', readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'scenario', configMap: { name: 'k6-scenario-browse' } },
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
    ],
  },
} as const;

/** What a run of three runners asks for. */
export const asked: LoadProps = {
  testid: 'friday-1',
  settings: { runners: 3, lasts: 30, load: loadOf('smoke', {}) },
  generator: generators.k6,
  template,
  owner: { name: 'friday', uid: '8f5cba4e-0000-4000-8000-000000000000' },
  environment: [
    { name: 'TESTID', value: 'friday-1' },
    { name: 'BASE_URL', value: 'http://shop.shop' },
    { name: 'LOAD', value: '{"vus":6,"stages":[{"seconds":1,"level":1}]}' },
  ],
  withTokens: false,
};

/** The same with other arguments of k6 between `run` and the script. */
export const withArguments = (...args: string[]): LoadProps => ({
  ...asked,
  template: {
    ...template,
    spec: {
      ...template.spec,
      containers: [{ ...template.spec.containers[0], args: ['run', ...args, '/scenario/main.js'] }],
    },
  } as PodTemplate,
});
