import type { AlertCase } from '../case.ts';
import {
  browse,
  coordinator,
  elsewhere,
  initializer,
  neighbour,
  other,
  podOf,
  pushed,
  runner,
  second,
  sidecar,
  users,
} from './k6-series.ts';

/** Load generators as containers: at their limit, and silent. */

const container = (what: string, of: string, more = 'id="/a"') =>
  `container_cpu_${what}_total{job="containers",instance="node-1",${of},${more}}`;
const used = (of = runner, cpu = '0') => container('usage_seconds', of, `id="/a",cpu="cpu0${cpu}"`);
const periods = (of = runner, id = 'a') => container('cfs_periods', of, `id="/${id}"`);
const throttled = (of = runner, id = 'a') => container('cfs_throttled_periods', of, `id="/${id}"`);
const limit = (of = runner, resource = 'cpu', uid = '1') =>
  `kube_pod_container_resource_limits{job="kube-state-metrics",instance="kube-state-metrics",uid="${uid}",${of},resource="${resource}"}`;
const limits = { [limit()]: '2x20', [limit(runner, 'cpu', '2')]: '1x20', [limit(runner, 'memory')]: '1000x20' };

const saturated: readonly AlertCase[] = [
  {
    when: 'fires above four fifths of the CPU limit, for the runner that is',
    series: {
      ...limits,
      [used()]: '0+12.5x20',
      [used(runner, '1')]: '0+12.2x20',
      [used(second)]: '0+12.5x20',
      [limit(second)]: '2x20',
      [used(other)]: '0+12.5x20',
      [limit(other)]: '2x20',
    },
    fires: [{ ...browse, instance_id: '0', facet: 'utilization', pod: podOf('browse-1'), severity: 'warning' }],
  },
  {
    when: 'fires for each of the runners that are',
    series: { [used()]: '0+12.5x20', [limit()]: '1x20', [used(second)]: '0+12.5x20', [limit(second)]: '1x20' },
    fires: [
      { ...browse, instance_id: '0', pod: podOf('browse-1') },
      { ...browse, instance_id: '1', pod: podOf('browse-1', 1) },
    ],
  },
  {
    when: 'says of which run and service another one is',
    series: { [used(other)]: '0+12.5x20', [limit(other)]: '1x20' },
    fires: [{ testid: 'demo-browse-2', service: 'api-gateway', instance_id: '12', facet: 'utilization' }],
  },
  {
    when: 'says one service of a run whose id a stranger uses, too',
    series: { [used()]: '0+12.5x20', [limit()]: '1x20', [users('browse-1', 7, 'zoo')]: '5x20' },
    fires: [{ testid: 'browse-1', instance_id: '0', facet: 'utilization' }],
  },
  { when: 'is silent at four fifths', series: { ...limits, [used()]: '0+48x10' }, interval: '30s', fires: [] },
  {
    when: 'is silent a little below',
    series: { ...limits, [used()]: '0+12x20', [used(runner, '1')]: '0+11x20' },
    fires: [],
  },
  {
    when: 'is silent for two that are so together',
    series: { [used()]: '0+7x20', [limit()]: '1x20', [used(second)]: '0+7x20', [limit(second)]: '1x20' },
    fires: [],
  },
  ...[neighbour, elsewhere, coordinator, initializer, sidecar].map((of) => ({
    when: `is silent for what makes no load of this stack: ${of}`,
    series: { [used(of)]: '0+15x20', [limit(of)]: '1x20', [throttled(of)]: '0+90x20', [periods(of)]: '0+150x20' },
    fires: [],
  })),
  { when: 'is silent without a limit', series: { [used()]: '0+15x20', [limit()]: '0x20' }, fires: [] },
  {
    when: 'fires however small the limit is',
    series: { [used()]: '0+0.75x20', [limit()]: '0.05x20' },
    fires: [browse],
  },
  {
    when: 'fires where it was stopped in more than a tenth of the periods',
    series: {
      [throttled()]: '0+10x20',
      [throttled(runner, 'b')]: '0+5.7x20',
      [periods()]: '0+80x20',
      [periods(runner, 'b')]: '0+70x20',
      [throttled(second)]: '0+10x20',
      [periods(second)]: '0+150x20',
      [throttled(other)]: '0+10x20',
      [periods(other)]: '0+150x20',
    },
    fires: [{ ...browse, instance_id: '0', facet: 'saturation', pod: podOf('browse-1'), severity: 'warning' }],
  },
  {
    when: 'is silent at a tenth of the periods',
    series: {
      [throttled()]: '0+10x20',
      [throttled(runner, 'b')]: '0+5x20',
      [periods()]: '0+80x20',
      [periods(runner, 'b')]: '0+70x20',
    },
    fires: [],
  },
  {
    when: 'is silent a little below, and for others that are stopped',
    series: {
      [throttled()]: '0+14.4x20',
      [periods()]: '0+150x20',
      [throttled(neighbour)]: '0+90x20',
      [periods(neighbour)]: '0+150x20',
      [throttled(elsewhere)]: '0+90x20',
      [periods(elsewhere)]: '0+150x20',
    },
    fires: [],
  },
  {
    when: 'is silent where no period was counted',
    series: { [throttled()]: '0+5x20', [periods()]: '3x20' },
    fires: [],
  },
  {
    when: 'fires however few periods there were',
    series: { [throttled()]: '0+0.5x20', [periods()]: '0+0.75x20' },
    fires: [browse],
  },
  { when: 'is silent for an idle one', series: { ...limits, [used()]: '0+0.1x20' }, fires: [] },
  { when: 'waits for a minute', series: { [used()]: '90+15x20', [limit()]: '1x20' }, at: '90s', fires: [] },
  { when: 'fires after it', series: { [used()]: '90+15x20', [limit()]: '1x20' }, at: '105s', fires: [browse] },
  { when: 'does not take a new start for use', series: { [used()]: '90+1x16 0+1x3', [limit()]: '1x20' }, fires: [] },
  { when: 'ends with the run', series: { [used()]: '0+15x16 stale', [limit()]: '1x20' }, at: '5m15s', fires: [] },
].map((one) => ({ alert: 'LoadGeneratorSaturated', ...one, series: { ...pushed, ...one.series } }));

/** Where nothing is pushed, nobody knows of which service it is, and LoadTestSilent tells of it. */
const saturatedAndSilent: AlertCase = {
  alert: 'LoadGeneratorSaturated',
  when: 'is silent for a run that has pushed nothing',
  series: { [used()]: '0+15x20', [limit()]: '1x20', [users('browse-2')]: '5x20' },
  fires: [],
};

const runs = (of = runner) =>
  `kube_pod_container_status_running{job="kube-state-metrics",instance="kube-state-metrics",uid="1",${of}}`;

const silent: readonly AlertCase[] = [
  {
    when: 'fires two minutes after the last sample of a run that goes on',
    series: { [runs()]: '1x20', [users()]: '5x12', [runs(other)]: '1x20', [users('demo-browse-2', 12)]: '5x20' },
    fires: [{ testid: 'browse-1', instance_id: '0', pod: podOf('browse-1'), severity: 'critical' }],
  },
  {
    when: 'fires for the one runner of which nothing comes',
    series: { [runs()]: '1x20', [users()]: '5x20', [runs(second)]: '1x20', [users('browse-2', 1)]: '5x20' },
    fires: [{ testid: 'browse-1', instance_id: '1', pod: podOf('browse-1', 1), severity: 'critical' }],
  },
  {
    when: 'is silent while samples of each come',
    series: { [runs()]: '1x20', [users()]: '0x20', [runs(second)]: '1x20', [users('browse-1', 1)]: '3x20' },
    fires: [],
  },
  { when: 'waits for them', series: { [runs()]: '1x20', [users()]: '5x13' }, fires: [] },
  {
    when: 'fires for one of which nothing has ever come, whatever comes of others',
    series: { [runs()]: '_x16 1x5', [users('browse-2')]: '5x20' },
    fires: [{ testid: 'browse-1' }],
  },
  { when: 'is silent when the run is over', series: { [runs()]: '1x11 0x9', [users()]: '5x11 stale' }, fires: [] },
  { when: 'is silent when its pod is gone', series: { [runs()]: '1x19 stale', [users()]: '5x5 stale' }, fires: [] },
  {
    when: 'is silent for what makes no load, or that of another stack',
    series: Object.fromEntries(
      [neighbour, elsewhere, coordinator, initializer, sidecar].map((of) => [runs(of), '1x20']),
    ),
    fires: [],
  },
  { when: 'ends when samples come again', series: { [runs()]: '1x20', [users()]: '5x4 _x15 5' }, fires: [] },
].map((one) => ({ alert: 'LoadTestSilent', ...one }));

export const generators: readonly AlertCase[] = [...saturated, saturatedAndSilent, ...silent];
