import type { RuleCase } from '../case.ts';

/** One of the two cgroups that a container has around a restart. */
const cpu = (what: string, id: string, of = 'service="shop",namespace="shop",pod="shop-1",container="shop"') =>
  `container_cpu_cfs_${what}_total{job="containers",instance="node-1",${of},id="/${id}"}`;
const [periods, throttled] = ['periods', 'throttled_periods'];
const other = 'service="auth",namespace="identity",pod="auth-1",container="auth"';
const shop = { service: 'shop', namespace: 'shop', pod: 'shop-1', container: 'shop', severity: 'warning' };

const cpuThrottled: readonly RuleCase[] = [
  {
    when: 'fires where more than a quarter of the periods of a container were cut short',
    series: {
      [cpu(throttled, 'a')]: '0+20x20',
      [cpu(throttled, 'b')]: '0+18x20',
      [cpu(periods, 'a')]: '0+76x20',
      [cpu(periods, 'b')]: '0+74x20',
      [cpu(throttled, 'c', other)]: '0+10x20',
      [cpu(periods, 'c', other)]: '0+150x20',
    },
    fires: [shop],
  },
  {
    when: 'is silent for a quarter of the periods, not more',
    series: {
      [cpu(throttled, 'a')]: '0+20x20',
      [cpu(throttled, 'b')]: '0+17.5x20',
      [cpu(periods, 'a')]: '0+76x20',
      [cpu(periods, 'b')]: '0+74x20',
    },
    fires: [],
  },
  {
    when: 'is silent for a little less',
    series: {
      [cpu(throttled, 'a')]: '0+19x20',
      [cpu(throttled, 'b')]: '0+17x20',
      [cpu(periods, 'a')]: '0+76x20',
      [cpu(periods, 'b')]: '0+74x20',
    },
    fires: [],
  },
  {
    when: 'is silent for what hardly runs',
    series: { [cpu(throttled, 'a')]: '0+20x10', [cpu(periods, 'a')]: '0+30x10' },
    interval: '30s',
    fires: [],
  },
  {
    when: 'is silent for what runs a little less',
    series: { [cpu(throttled, 'a')]: '0+10x20', [cpu(periods, 'a')]: '0+8x20', [cpu(periods, 'b')]: '0+6.4x20' },
    fires: [],
  },
  {
    when: 'fires for what runs a little more',
    series: {
      [cpu(throttled, 'a')]: '0+5x20',
      [cpu(throttled, 'b')]: '0+5x20',
      [cpu(periods, 'a')]: '0+8x20',
      [cpu(periods, 'b')]: '0+7.6x20',
    },
    fires: [shop],
  },
  {
    when: 'is silent for what does not run at all',
    series: { [cpu(throttled, 'a')]: '9x20', [cpu(periods, 'a')]: '30x20' },
    fires: [],
  },
  {
    when: 'waits for a minute',
    series: { [cpu(throttled, 'a')]: '0+60x20', [cpu(periods, 'a')]: '0+150x20' },
    at: '1m',
    fires: [],
  },
  {
    when: 'fires after a minute of it',
    series: { [cpu(throttled, 'a')]: '0+60x20', [cpu(periods, 'a')]: '0+150x20' },
    at: '75s',
    fires: [shop],
  },
  {
    when: 'does not take a restart for more than there was',
    series: { [cpu(throttled, 'a')]: '0+30x15 0+30x4', [cpu(periods, 'a')]: '0+150x15 0+150x4' },
    fires: [],
  },
  {
    when: 'ends when the container is gone',
    series: { [cpu(throttled, 'a')]: '0+60x16 stale', [cpu(periods, 'a')]: '0+150x16 stale' },
    fires: [],
  },
  {
    when: 'is silent for the pod around the containers, and for what is of no service',
    series: {
      [cpu(throttled, 'a', 'service="shop",namespace="shop",pod="shop-1"')]: '0+60x20',
      [cpu(periods, 'a', 'service="shop",namespace="shop",pod="shop-1"')]: '0+150x20',
      [cpu(throttled, 'a', 'namespace="shop",pod="db-0",container="db"')]: '0+60x20',
      [cpu(periods, 'a', 'namespace="shop",pod="db-0",container="db"')]: '0+150x20',
    },
    fires: [],
  },
].map((one) => ({ alert: 'ContainerCpuThrottled', ...one }));

const oom = (of: string) => `container_oom_events_total{job="containers",instance="node-1",${of}}`;
const of = 'namespace="shop",pod="shop-1",container="shop"';
const status = (what: string, labels: string) =>
  `kube_pod_container_status_${what}{job="kube-state-metrics",instance="kube-state-metrics",uid="1",${labels}}`;
const restarts = status('restarts_total', `${of},service="shop"`);
const lastEnd = (reason: string) => status('last_terminated_reason', `${of},reason="${reason}"`);
const runner = { namespace: 'loadscope', pod: 'browse-1-x7k2p', container: 'k6-browse' };
const end = (reason: string) =>
  status('terminated_reason', `namespace="loadscope",pod="browse-1-x7k2p",container="k6-browse",reason="${reason}"`);
const killed = { ...shop, severity: 'critical' };

const oomKilled: readonly RuleCase[] = [
  {
    when: 'fires at once for a process that was killed in a container which lives on',
    series: {
      [oom(`${of},service="shop"`)]: '0x19 1',
      [oom('namespace="shop",pod="shop-2",container="shop"')]: '3x20',
    },
    fires: [killed],
  },
  {
    when: 'fires for five minutes, however few they were',
    series: { [oom(`${of},service="shop"`)]: '0x4 0.05x30' },
    at: '5m45s',
    fires: [killed],
  },
  { when: 'ends after them', series: { [oom(`${of},service="shop"`)]: '0x4 1x30' }, at: '6m', fires: [] },
  {
    when: 'is silent for what happened to other containers of the node, and to the pod around them',
    series: {
      [oom('namespace="kube-system",pod="dns-1",container="dns"')]: '0x19 1',
      [oom('namespace="shop",pod="shop-1"')]: '0x19 1',
    },
    fires: [],
  },
  { when: 'is silent when the counter starts anew', series: { [oom(of)]: '4x10 0x10' }, fires: [] },
  { when: 'is silent when the container is gone', series: { [oom(of)]: '0x10 stale' }, fires: [] },
  {
    when: 'fires for a container that was started anew, which cAdvisor has forgotten',
    series: {
      [oom(`${of},service="shop"`)]: '0x18 stale',
      [restarts]: '2x19 2.05',
      [lastEnd('OOMKilled')]: '_x20 1',
    },
    fires: [killed],
  },
  {
    when: 'fires once where both tell of it',
    series: {
      [oom(of)]: '0x19 1',
      [restarts]: '2x19 3',
      [lastEnd('OOMKilled')]: '_x20 1',
    },
    fires: [{ namespace: 'shop', pod: 'shop-1', container: 'shop', severity: 'critical' }],
  },
  {
    when: 'ends five minutes after the restart, though the reason stays',
    series: { [restarts]: '0x4 1x40', [lastEnd('OOMKilled')]: '_x5 1x40' },
    at: '7m',
    fires: [],
  },
  {
    when: 'is silent for another end, and for the restart of another container',
    series: {
      [restarts]: '0x10 1x10',
      [lastEnd('Error')]: '_x11 1x10',
      [status('last_terminated_reason', 'namespace="shop",pod="shop-2",container="shop",reason="OOMKilled"')]: '1x20',
      [status('last_terminated_reason', 'namespace="shop",pod="shop-1",container="proxy",reason="OOMKilled"')]: '1x20',
      [status('last_terminated_reason', 'namespace="demo",pod="shop-1",container="shop",reason="OOMKilled"')]: '1x20',
    },
    fires: [],
  },
  {
    when: 'fires for a container that is not started anew',
    series: { [end('OOMKilled')]: '_x19 1x1', [end('Error').replace('x7k2p', 'other')]: '_x19 1x1' },
    fires: [{ ...runner, severity: 'critical' }],
  },
  {
    when: 'fires for one though another of its kind ended so long ago',
    series: { [end('OOMKilled')]: '_x19 1x1', [end('OOMKilled').replace('x7k2p', 'other')]: '1x20' },
    fires: [{ ...runner, severity: 'critical' }],
  },
  {
    when: 'fires for one that ended of something else before',
    series: { [end('OOMKilled')]: '_x19 1x1', [end('Error')]: '1x10 stale' },
    fires: [runner],
  },
  {
    when: 'ends five minutes after that, though the pod stays',
    series: { [end('OOMKilled')]: '_x5 1x40' },
    at: '6m15s',
    fires: [],
  },
  { when: 'fires until then', series: { [end('OOMKilled')]: '_x5 1x40' }, at: '6m', fires: [runner] },
  {
    when: 'does not fire again for it after a gap',
    series: { [end('OOMKilled')]: '1x20 _x40 1x20' },
    at: '17m',
    fires: [],
  },
].map((one) => ({ alert: 'ContainerOomKilled', ...one }));

export const containers: readonly RuleCase[] = [...cpuThrottled, ...oomKilled];
