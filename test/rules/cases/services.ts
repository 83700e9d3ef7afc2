import type { AlertCase, RuleCase } from '../case.ts';

const origin = (pod = 'a', service = 'shop') =>
  `job="service",instance="${pod}:8080",namespace="${service}",service="${service}",pod="${pod}",application="${service}"`;
const shop = { namespace: 'shop', service: 'shop', pod: 'a' };

const pool = (what: string, name = 'main', of = origin()) => `hikaricp_connections_${what}{${of},pool="${name}"}`;
const [active, pending, most] = [pool('active'), pool('pending'), pool('max')];

const exhausted: readonly AlertCase[] = [
  {
    when: 'fires where all connections are in use, and somebody waits',
    series: { [pending]: '0x17 0.05x3', [active]: '10x20', [most]: '10x20' },
    fires: [{ ...shop, pool: 'main', severity: 'critical' }],
  },
  {
    when: 'fires where even more are in use than there should be',
    series: { [pending]: '3x20', [active]: '10.4x20', [most]: '10x20' },
    fires: [{ ...shop, pool: 'main' }],
  },
  {
    when: 'is silent while nobody waits',
    series: { [pending]: '0x20', [active]: '10x20', [most]: '10x20' },
    fires: [],
  },
  {
    when: 'is silent while one is left',
    series: { [pending]: '3x20', [active]: '9.6x20', [most]: '10x20' },
    fires: [],
  },
  {
    when: 'waits for half a minute',
    series: { [pending]: '0x18 9x2', [active]: '10x20', [most]: '10x20' },
    fires: [],
  },
  {
    when: 'keeps pools and pods apart',
    series: {
      [pending]: '3x20',
      [active]: '5x20',
      [most]: '10x20',
      [pool('pending', 'other')]: '0x20',
      [pool('active', 'other')]: '10x20',
      [pool('max', 'other')]: '10x20',
      [pool('active', 'main', origin('b'))]: '10x20',
      [pool('max', 'main', origin('b'))]: '10x20',
    },
    fires: [],
  },
  {
    when: 'ends when the pod is gone',
    series: { [pending]: '3x19 stale', [active]: '10x19 stale', [most]: '10x19 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'ConnectionPoolExhausted', ...one }));

const timeouts = pool('timeout_total');
const timedOut: readonly AlertCase[] = [
  {
    when: 'fires at the first, and at whatever part of one',
    series: { [timeouts]: '4x19 4.05', [pool('timeout_total', 'main', origin('b'))]: '4x20' },
    fires: [{ ...shop, pool: 'main', severity: 'critical' }],
  },
  { when: 'fires for most of a minute', series: { [timeouts]: '0x17 3x3' }, fires: [{ ...shop, pool: 'main' }] },
  { when: 'ends after it', series: { [timeouts]: '0x16 3x4' }, fires: [] },
  { when: 'is silent while there are none', series: { [timeouts]: '7x20' }, fires: [] },
  { when: 'is silent after a restart', series: { [timeouts]: '7x17 0x2' }, fires: [] },
  { when: 'ends when the pod is gone', series: { [timeouts]: '0x16 1 2 stale' }, at: '6m', fires: [] },
].map((one) => ({ alert: 'ConnectionPoolTimeouts', ...one }));

const threads = (what: string, name = 'http-nio-8080', of = origin()) => `tomcat_threads_${what}{${of},name="${name}"}`;
const [busy, configured] = [threads('busy_threads'), threads('config_max_threads')];

const threadsExhausted: readonly AlertCase[] = [
  {
    when: 'fires above nine tenths for a minute',
    series: {
      [busy]: '0x15 186x4',
      [configured]: '200x20',
      [threads('busy_threads', 'management')]: '1x20',
      [threads('config_max_threads', 'management')]: '10x20',
    },
    fires: [{ ...shop, name: 'http-nio-8080', severity: 'warning' }],
  },
  { when: 'waits for the minute', series: { [busy]: '0x16 200x4', [configured]: '200x20' }, fires: [] },
  { when: 'is silent at nine tenths', series: { [busy]: '180x20', [configured]: '200x20' }, fires: [] },
  { when: 'is silent a little below', series: { [busy]: '172x20', [configured]: '200x20' }, fires: [] },
  { when: 'is silent for an idle pod', series: { [busy]: '0x20', [configured]: '200x20' }, fires: [] },
  { when: 'is silent where there is no limit', series: { [busy]: '5x20', [configured]: '0x20' }, fires: [] },
  {
    when: 'fires however few there are',
    series: { [busy]: '0.05x20', [configured]: '0.05x20' },
    fires: [{ name: 'http-nio-8080' }],
  },
  {
    when: 'keeps pods apart',
    series: {
      [busy]: '100x20',
      [configured]: '200x20',
      [threads('busy_threads', 'http-nio-8080', origin('b'))]: '100x20',
      [threads('config_max_threads', 'http-nio-8080', origin('b'))]: '200x20',
    },
    fires: [],
  },
  { when: 'ends when the pod is gone', series: { [busy]: '200x19 stale', [configured]: '200x19 stale' }, fires: [] },
].map((one) => ({ alert: 'RequestThreadsExhausted', ...one }));

const pauses = (action: string, of = origin()) =>
  `jvm_gc_pause_seconds_sum{${of},action="${action}",cause="x",gc="G1"}`;
const [minor, major] = ['end of minor GC', 'end of major GC'];

const collection: readonly AlertCase[] = [
  {
    when: 'fires where all pauses together take more than a tenth',
    series: { [pauses(minor)]: '0+1x20', [pauses(major)]: '0+0.55x20', [pauses(minor, origin('b'))]: '0+1x20' },
    fires: [{ ...shop, severity: 'warning' }],
  },
  { when: 'is silent at a tenth', series: { [pauses(minor)]: '0+3x10' }, interval: '30s', fires: [] },
  {
    when: 'is silent a little below, and keeps pods apart',
    series: { [pauses(minor)]: '0+1x20', [pauses(major)]: '0+0.45x20', [pauses(minor, origin('b'))]: '0+0.5x20' },
    fires: [],
  },
  { when: 'fires after a minute of it', series: { [pauses(minor)]: '90+3x20' }, at: '90s', fires: [shop] },
  { when: 'waits for it', series: { [pauses(minor)]: '90+3x20' }, at: '75s', fires: [] },
  { when: 'is silent for an idle pod', series: { [pauses(minor)]: '12x20' }, fires: [] },
  { when: 'does not take a restart for a pause', series: { [pauses(minor)]: '90+1x16 0+1x3' }, fires: [] },
  { when: 'ends when the pod is gone', series: { [pauses(minor)]: '0+3x16 stale' }, at: '5m30s', fires: [] },
].map((one) => ({ alert: 'GarbageCollectionHigh', ...one }));

const afterCollection = (name = 'old', area = 'heap', of = origin()) =>
  `jvm_memory_usage_after_gc{${of},area="${area}",pool="${name}"}`;

const heap: readonly AlertCase[] = [
  {
    when: 'fires where one of the pools is nearly full for a minute',
    series: { [afterCollection()]: '0.5x15 0.94x4', [afterCollection('young')]: '0.1x20' },
    fires: [{ ...shop, severity: 'warning' }],
  },
  { when: 'waits for the minute', series: { [afterCollection()]: '0.5x16 1x4' }, fires: [] },
  { when: 'is silent at nine tenths', series: { [afterCollection()]: '0.9x20' }, fires: [] },
  {
    when: 'is silent a little below, however many pools there are',
    series: { [afterCollection()]: '0.86x20', [afterCollection('young')]: '0.86x20' },
    fires: [],
  },
  { when: 'is silent for what is not the heap', series: { [afterCollection('code', 'nonheap')]: '1x20' }, fires: [] },
  {
    when: 'keeps pods apart',
    series: { [afterCollection()]: '0.6x20', [afterCollection('old', 'heap', origin('b'))]: '0.6x20' },
    fires: [],
  },
  { when: 'is silent before the first collection', series: { [afterCollection()]: '0x20' }, fires: [] },
  { when: 'ends when the pod is gone', series: { [afterCollection()]: '0.95x19 stale' }, fires: [] },
].map((one) => ({ alert: 'HeapNearlyFull', ...one }));

const breaker = (state: string, name = 'search', of = origin()) =>
  `resilience4j_circuitbreaker_state{${of},name="${name}",state="${state}"}`;

const open: readonly AlertCase[] = [
  {
    when: 'fires at once, for the breaker that is open',
    series: {
      [breaker('open')]: '0x19 1',
      [breaker('open', 'payment')]: '0x20',
      [breaker('open', 'search', origin('b'))]: '0x20',
    },
    fires: [{ ...shop, name: 'search', severity: 'warning' }],
  },
  {
    when: 'goes on while it lets one call try',
    series: { [breaker('open')]: '0x16 1 0x2', [breaker('half_open')]: '0x17 1x2' },
    fires: [{ name: 'search' }],
  },
  { when: 'ends a minute after it has closed', series: { [breaker('open')]: '1x16 0x3' }, fires: [] },
  {
    when: 'is silent for one that is closed',
    series: { [breaker('closed')]: '1x20', [breaker('open')]: '0x20' },
    fires: [],
  },
  { when: 'fires for whatever part of it', series: { [breaker('open')]: '0.05x20' }, fires: [{ name: 'search' }] },
  { when: 'ends when the pod is gone', series: { [breaker('open')]: '1x15 stale' }, fires: [] },
].map((one) => ({ alert: 'CircuitBreakerOpen', ...one }));

const lag = (quantile: string, of = origin()) => `nodejs_eventloop_lag_${quantile}_seconds{${of}}`;

const loop: readonly AlertCase[] = [
  {
    when: 'fires above a tenth of a second for half a minute',
    series: { [lag('p99')]: '0.01x17 0.104x3', [lag('p99', origin('b'))]: '0.06x20' },
    fires: [{ ...shop, severity: 'warning' }],
  },
  { when: 'waits for the half minute', series: { [lag('p99')]: '0.01x18 3x2' }, fires: [] },
  { when: 'is silent at a tenth', series: { [lag('p99')]: '0.1x20' }, fires: [] },
  { when: 'is silent a little below', series: { [lag('p99')]: '0.096x20', [lag('max')]: '0.4x20' }, fires: [] },
  { when: 'is silent for an idle loop', series: { [lag('p99')]: '0x20' }, fires: [] },
  { when: 'ends when the pod is gone', series: { [lag('p99')]: '0.3x19 stale' }, fires: [] },
].map((one) => ({ alert: 'EventLoopBlocked', ...one }));

const up = (pod: string, service = 'shop', job = 'service') =>
  `up{job="${job}",instance="${pod}:8080",namespace="${service}",service="${service}",pod="${pod}"}`;

const down: readonly AlertCase[] = [
  {
    when: 'fires where none of its pods has answered for a minute',
    series: { [up('a')]: '1x15 0x4', [up('b')]: '0x20', [up('c', 'auth')]: '1x20' },
    fires: [{ namespace: 'shop', service: 'shop', severity: 'critical' }],
  },
  { when: 'waits for the minute', series: { [up('a')]: '1x16 0x4' }, fires: [] },
  { when: 'is silent while one of them answers', series: { [up('a')]: '1x20', [up('b')]: '0x20' }, fires: [] },
  { when: 'ends when one is back', series: { [up('a')]: '0x19 1', [up('b')]: '0x20' }, fires: [] },
  { when: 'ends when there are none any more', series: { [up('a')]: '0x19 stale' }, fires: [] },
  { when: 'is silent for what is no service', series: { [up('db', 'db', 'mysql')]: '0x20' }, fires: [] },
].map((one) => ({ alert: 'ServiceDown', ...one }));

const missing: readonly AlertCase[] = [
  {
    when: 'fires a minute after the last pod went',
    series: { [up('a')]: '1x14 stale', [up('b')]: '0x10 stale', [up('c', 'auth')]: '1x20' },
    fires: [{ namespace: 'shop', service: 'shop', severity: 'warning' }],
  },
  { when: 'waits for the minute', series: { [up('a')]: '1x16 stale' }, fires: [] },
  {
    when: 'is silent while another one is there',
    series: { [up('a')]: '1x10 stale', [up('b')]: '_x9 0x11' },
    fires: [],
  },
  { when: 'is silent for pods that are down', series: { [up('a')]: '0x20' }, fires: [] },
  { when: 'fires for an hour', series: { [up('a')]: '1x4 stale' }, at: '1h45s', fires: [{ service: 'shop' }] },
  { when: 'ends an hour after the last of it', series: { [up('a')]: '1x4 stale' }, at: '1h1m15s', fires: [] },
  { when: 'is silent for what is no service', series: { [up('db', 'db', 'mysql')]: '1x10 stale' }, fires: [] },
  {
    when: 'does not take for it what only has its name',
    series: { [up('a')]: '1x10 stale', [up('db', 'shop', 'mysql')]: '1x20' },
    fires: [{ service: 'shop' }],
  },
].map((one) => ({ alert: 'ServiceMissing', ...one }));

export const services: readonly RuleCase[] = [
  ...exhausted,
  ...timedOut,
  ...threadsExhausted,
  ...collection,
  ...heap,
  ...open,
  ...loop,
  ...down,
  ...missing,
];
