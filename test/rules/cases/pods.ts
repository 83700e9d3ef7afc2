import type { RuleCase } from '../case.ts';

const ofStatus = (what: string, labels: string) =>
  `kube_pod_${what}{job="kube-state-metrics",instance="kube-state-metrics",uid="1",${labels}}`;

const restarts = (pod: string, container = 'shop', namespace = 'shop') =>
  ofStatus(
    'container_status_restarts_total',
    `service="${namespace}",namespace="${namespace}",pod="${pod}",container="${container}"`,
  );
const shop = { namespace: 'shop', service: 'shop', container: 'shop', severity: 'warning' };

const restarting: readonly RuleCase[] = [
  {
    when: 'fires at the second restart in ten minutes',
    series: { [restarts('a')]: '7x30 8x8 9' },
    at: '10m',
    fires: [shop],
  },
  { when: 'is silent at one', series: { [restarts('a')]: '7x30 8x9' }, at: '10m', fires: [] },
  { when: 'is silent for nearly two', series: { [restarts('a')]: '0x30 1.9x9' }, at: '10m', fires: [] },
  {
    when: 'fires at two of which nothing is made up',
    series: { [restarts('a')]: '0x30 2x9' },
    at: '10m',
    fires: [shop],
  },
  {
    when: 'adds up the pods of a workload',
    series: { [restarts('a')]: '0x30 1x9', [restarts('b')]: '4x35 5x4' },
    at: '10m',
    fires: [shop],
  },
  {
    when: 'keeps containers and namespaces apart',
    series: {
      [restarts('a')]: '0x30 1x9',
      [restarts('a', 'proxy')]: '0x30 1x9',
      [restarts('a', 'shop', 'auth')]: '0x30 1x9',
    },
    at: '10m',
    fires: [],
  },
  { when: 'is silent for what never restarts', series: { [restarts('a')]: '3x40' }, at: '10m', fires: [] },
  {
    when: 'ends ten minutes after the first of two',
    series: { [restarts('a')]: '0x3 1x5 2x60' },
    at: '11m',
    fires: [],
  },
  { when: 'is silent for a pod of the same name that is new', series: { [restarts('a')]: '9x30 0x9' }, fires: [] },
  { when: 'ends when the pod is gone', series: { [restarts('a')]: '0x3 5 stale' }, at: '11m', fires: [] },
].map((one) => ({ alert: 'ContainerRestarting', ...one }));

const ready = (pod: string, service = 'shop', condition = 'true') =>
  ofStatus('status_ready', `service="${service}",namespace="shop",pod="${pod}",condition="${condition}"`);
const phase = (pod: string, phase: string, service = 'shop') =>
  ofStatus('status_phase', `service="${service}",namespace="shop",pod="${pod}",phase="${phase}"`);
const pod = { namespace: 'shop', service: 'shop', pod: 'a', severity: 'warning' };
const both = { [phase('a', 'Running')]: '1x20', [phase('b', 'Running')]: '1x20' };

const notReady: readonly RuleCase[] = [
  {
    when: 'fires after two minutes',
    series: { ...both, [ready('a')]: '1x11 0x9', [ready('b')]: '1x20', [ready('a', 'shop', 'unknown')]: '0x20' },
    fires: [pod],
  },
  { when: 'waits for them', series: { ...both, [ready('a')]: '1x12 0x9' }, fires: [] },
  {
    when: 'fires for one that no node has room for',
    series: { [phase('a', 'Pending')]: '1x20', [phase('a', 'Running')]: '0x20', [ready('a')]: '0x20' },
    fires: [pod],
  },
  {
    when: 'is silent for what has ended',
    series: {
      [phase('a', 'Failed')]: '1x20',
      [phase('a', 'Running')]: '0x20',
      [phase('a', 'Pending')]: '0x20',
      [ready('a')]: '0x20',
      [phase('b', 'Running')]: '1x20',
      [ready('b')]: '1x20',
    },
    fires: [],
  },
  {
    when: 'is silent for what is of no service, and for conditions that do not hold',
    series: { ...both, [ready('a')]: '1x20', [ready('a', 'shop', 'false')]: '0x20', [ready('b', '')]: '0x20' },
    fires: [],
  },
  { when: 'ends when it is ready', series: { ...both, [ready('a')]: '0x19 1' }, fires: [] },
  {
    when: 'ends when it is gone',
    series: { [phase('a', 'Running')]: '1x19 stale', [ready('a')]: '0x19 stale' },
    fires: [],
  },
  { when: 'is silent for a phase that is not known', series: { [ready('a')]: '0x20' }, fires: [] },
  {
    when: 'takes no phase for a part of one',
    series: {
      [phase('a', 'Running')]: '0.9x20',
      [ready('a')]: '0x20',
      [phase('b', 'Running')]: '1.1x20',
      [ready('b')]: '0x20',
    },
    fires: [],
  },
].map((one) => ({ alert: 'PodNotReady', ...one }));

const unavailable: readonly RuleCase[] = [
  {
    when: 'fires after a minute in which no pod of it is ready',
    series: {
      ...both,
      [ready('a')]: '1x15 0x4',
      [ready('b')]: '0x20',
      [phase('c', 'Running', 'auth')]: '1x20',
      [ready('c', 'auth')]: '1x20',
    },
    fires: [{ namespace: 'shop', service: 'shop', severity: 'critical' }],
  },
  { when: 'waits for it', series: { ...both, [ready('a')]: '1x16 0x4', [ready('b')]: '0x20' }, fires: [] },
  {
    when: 'is silent while one of its pods is',
    series: { ...both, [ready('a')]: '1x20', [ready('b')]: '0x20' },
    fires: [],
  },
  {
    when: 'fires where all of them are pending, and what has ended is left over',
    series: {
      [phase('a', 'Pending')]: '1x20',
      [ready('a')]: '0x20',
      [phase('b', 'Succeeded')]: '1x20',
      [phase('b', 'Running')]: '0x20',
      [ready('b')]: '1x20',
    },
    fires: [{ namespace: 'shop', service: 'shop' }],
  },
  {
    when: 'is silent for a service of which only pods are left that have ended',
    series: { [phase('a', 'Failed')]: '1x20', [phase('a', 'Running')]: '0x20', [ready('a')]: '0x20' },
    fires: [],
  },
  {
    when: 'is silent for what is of no service, and for conditions that do not hold',
    series: { ...both, [ready('a')]: '1x20', [ready('a', 'shop', 'false')]: '0x20', [ready('b', '')]: '0x20' },
    fires: [],
  },
  {
    when: 'asks for the condition of being ready',
    series: { ...both, [ready('a')]: '0x20', [ready('a', 'shop', 'false')]: '1x20' },
    fires: [{ service: 'shop' }],
  },
  {
    when: 'ends when the service is gone',
    series: { [phase('a', 'Running')]: '1x19 stale', [ready('a')]: '0x19 stale' },
    fires: [],
  },
  {
    when: 'takes no phase for a part of one',
    series: { [phase('a', 'Running')]: '0.9x20', [ready('a')]: '0x20' },
    fires: [],
  },
  {
    when: 'takes no phase for more than one',
    series: { [phase('a', 'Running')]: '1.1x20', [ready('a')]: '0x20' },
    fires: [],
  },
].map((one) => ({ alert: 'ServiceUnavailable', ...one }));

export const pods: readonly RuleCase[] = [...restarting, ...notReady, ...unavailable];
