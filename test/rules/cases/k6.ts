import type { AlertCase, RuleCase } from '../case.ts';

const runner = 'namespace="loadscope",pod="browse-1-x7k2p",container="k6-browse"';
const elsewhere = 'namespace="elsewhere",pod="browse-1-x7k2p",container="k6-browse"';
const neighbour = 'namespace="loadscope",pod="prometheus-0",container="prometheus"';
const other = 'namespace="loadscope",pod="demo-browse-2-abcde",container="k6-demo-browse"';
const browse = { testid: 'browse-1', service: 'shop' };

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
    when: 'fires above four fifths of the CPU limit',
    series: {
      ...limits,
      [used()]: '0+12.5x20',
      [used(runner, '1')]: '0+12.2x20',
      [used(other)]: '0+12.5x20',
      [limit(other)]: '2x20',
    },
    fires: [{ ...browse, facet: 'utilization', pod: 'browse-1-x7k2p', severity: 'warning' }],
  },
  {
    when: 'says of which run and service another one is',
    series: { [used(other)]: '0+12.5x20', [limit(other)]: '1x20' },
    fires: [{ testid: 'demo-browse-2', service: 'api-gateway', facet: 'utilization' }],
  },
  { when: 'is silent at four fifths', series: { ...limits, [used()]: '0+48x10' }, interval: '30s', fires: [] },
  {
    when: 'is silent a little below',
    series: { ...limits, [used()]: '0+12x20', [used(runner, '1')]: '0+11x20' },
    fires: [],
  },
  {
    when: 'is silent for what makes no load, or that of another stack',
    series: {
      [used(neighbour)]: '0+15x20',
      [limit(neighbour)]: '1x20',
      [used(elsewhere)]: '0+15x20',
      [limit(elsewhere)]: '1x20',
    },
    fires: [],
  },
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
      [throttled(other)]: '0+10x20',
      [periods(other)]: '0+150x20',
    },
    fires: [{ ...browse, facet: 'saturation', pod: 'browse-1-x7k2p', severity: 'warning' }],
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
].map((one) => ({ alert: 'LoadGeneratorSaturated', ...one }));

const ofRun = (testid = 'browse-1') => `job="k6",testid="${testid}",service="shop"`;
const iterations = (what: string, scenario = 'a', testid = 'browse-1') =>
  `k6_${what}_total{${ofRun(testid)},scenario="${scenario}"}`;
const [dropped, done] = ['dropped_iterations', 'iterations'];

const iterationsDropped: readonly AlertCase[] = [
  {
    when: 'fires above one in a hundred of those that were due in the run',
    series: {
      [iterations(dropped)]: '_x16 6x5',
      [iterations(dropped, 'b')]: '5.5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
      [iterations(done, 'a', 'browse-2')]: '100x20',
    },
    fires: [{ ...browse, severity: 'warning' }],
  },
  {
    when: 'is silent at one in a hundred',
    series: {
      [iterations(dropped)]: '6x20',
      [iterations(dropped, 'b')]: '5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
    },
    fires: [],
  },
  {
    when: 'is silent a little below, and keeps runs apart',
    series: {
      [iterations(dropped)]: '6x20',
      [iterations(dropped, 'b')]: '4.5x20',
      [iterations(done)]: '600x20',
      [iterations(done, 'b')]: '489x20',
      [iterations(dropped, 'a', 'browse-2')]: '6x20',
      [iterations(done, 'a', 'browse-2')]: '1089x20',
    },
    fires: [],
  },
  { when: 'fires where none was done', series: { [iterations(dropped)]: '0.001x20' }, fires: [browse] },
  { when: 'is silent where none was dropped yet', series: { [iterations(done)]: '600x20' }, fires: [] },
  {
    when: 'is silent before any was due',
    series: { [iterations(dropped)]: '0x20', [iterations(done)]: '0x20' },
    fires: [],
  },
  {
    when: 'waits for half a minute',
    series: { [iterations(dropped)]: '_x19 50x2', [iterations(done)]: '50x20' },
    fires: [],
  },
  {
    when: 'counts anew where a runner did',
    series: { [iterations(dropped)]: '90x10 0x10', [iterations(done)]: '900x10 30x10' },
    fires: [],
  },
  {
    when: 'ends a minute after the run',
    series: { [iterations(dropped)]: '90x15 stale', [iterations(done)]: '90x15 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'IterationsDropped', ...one }));

const check = (name: string, testid = 'browse-1') => `k6_checks_rate{${ofRun(testid)},scenario="a",check="${name}"}`;

const checkFailing: readonly AlertCase[] = [
  {
    when: 'fires for the check that held in less than 99 in a hundred',
    series: { [check('200')]: '1x17 0.985x3', [check('json')]: '1x20', [check('200', 'browse-2')]: '1x20' },
    fires: [{ ...browse, check: '200', severity: 'warning' }],
  },
  { when: 'is silent at 99 in a hundred', series: { [check('200')]: '0.99x20' }, fires: [] },
  { when: 'is silent above', series: { [check('200')]: '0.995x20', [check('json')]: '1x20' }, fires: [] },
  { when: 'waits for half a minute', series: { [check('200')]: '1x18 0x2' }, fires: [] },
  { when: 'ends when it holds again', series: { [check('200')]: '0x19 1' }, fires: [] },
  { when: 'ends with the run', series: { [check('200')]: '0x19 stale' }, fires: [] },
].map((one) => ({ alert: 'CheckFailing', ...one }));

const runs = (of = runner) =>
  `kube_pod_container_status_running{job="kube-state-metrics",instance="kube-state-metrics",uid="1",${of}}`;
const users = (testid = 'browse-1') => `k6_vus{${ofRun(testid)}}`;

const silent: readonly AlertCase[] = [
  {
    when: 'fires two minutes after the last sample of a run that goes on',
    series: { [runs()]: '1x20', [users()]: '5x12', [runs(other)]: '1x20', [users('demo-browse-2')]: '5x20' },
    fires: [{ ...browse, pod: 'browse-1-x7k2p', severity: 'critical' }],
  },
  { when: 'waits for them', series: { [runs()]: '1x20', [users()]: '5x13' }, fires: [] },
  {
    when: 'fires for one of which nothing has ever come, whatever comes of others',
    series: { [runs()]: '_x16 1x5', [users('browse-2')]: '5x20' },
    fires: [browse],
  },
  { when: 'is silent while samples come', series: { [runs()]: '1x20', [users()]: '0x20' }, fires: [] },
  { when: 'is silent when the run is over', series: { [runs()]: '1x11 0x9', [users()]: '5x11 stale' }, fires: [] },
  { when: 'is silent when its pod is gone', series: { [runs()]: '1x19 stale', [users()]: '5x5 stale' }, fires: [] },
  {
    when: 'is silent for what makes no load, or that of another stack',
    series: { [runs(neighbour)]: '1x20', [runs(elsewhere)]: '1x20' },
    fires: [],
  },
  { when: 'ends when samples come again', series: { [runs()]: '1x20', [users()]: '5x4 _x15 5' }, fires: [] },
].map((one) => ({ alert: 'LoadTestSilent', ...one }));

const told = (alertname: string, testid = 'browse-1', alertstate = 'firing') =>
  `ALERTS{alertname="${alertname}",alertstate="${alertstate}",testid="${testid}",service="shop",pod="x"}`;
const refused = (code = '400', handler = '/api/v1/write') =>
  `prometheus_http_requests_total{job="prometheus",instance="prometheus",handler="${handler}",code="${code}"}`;
const cause = (reason: string) => [{ ...browse, reason, severity: 'critical' }];

const invalid: readonly AlertCase[] = [
  ...['LoadGeneratorSaturated', 'IterationsDropped', 'LoadTestSilent'].map((reason) => ({
    when: `fires at once for ${reason}`,
    series: { [users()]: '5x20', [users('browse-2')]: '5x20', [told(reason)]: '_x20 1' },
    fires: cause(reason),
  })),
  {
    when: 'stays until the end of the run',
    series: { [users()]: '5x60', [told('IterationsDropped')]: '1x4 stale' },
    at: '15m',
    fires: cause('IterationsDropped'),
  },
  {
    when: 'ends a minute after it',
    series: { [users()]: '5x15 stale', [told('IterationsDropped')]: '1x15 stale' },
    fires: [],
  },
  {
    when: 'names each of its reasons',
    series: { [users()]: '5x20', [told('IterationsDropped')]: '1x20', [told('LoadGeneratorSaturated')]: '1x4 stale' },
    fires: [...cause('IterationsDropped'), ...cause('LoadGeneratorSaturated')],
  },
  {
    when: 'is silent for another alert of the run, and one that does not fire yet',
    series: {
      [users()]: '5x20',
      [told('CheckFailing')]: '1x20',
      [told('IterationsDropped', 'browse-1', 'pending')]: '1x20',
    },
    fires: [],
  },
  {
    when: 'is silent for another run',
    series: { [users()]: '5x20', [told('IterationsDropped', 'browse-2')]: '1x20' },
    fires: [],
  },
  {
    when: 'fires for whatever was refused of its samples',
    series: { [users()]: '5x20', [refused()]: '0x19 0.05' },
    fires: cause('PrometheusRemoteWriteRefused'),
  },
  {
    when: 'is silent for what was taken, what others asked, and what was refused before it',
    series: {
      [users()]: '_x10 5x20',
      [refused()]: '0x2 9x20',
      [refused('204')]: '0+9x20',
      [refused('400', '/api/v1/query')]: '0+9x20',
    },
    fires: [],
  },
  { when: 'is silent where no run is under way', series: { [refused()]: '0+9x20' }, fires: [] },
].map((one) => ({ alert: 'LoadTestInvalid', ...one }));

export const k6: readonly RuleCase[] = [...saturated, ...iterationsDropped, ...checkFailing, ...silent, ...invalid];
