import type { RuleCase } from '../case.ts';

/** What is recorded of the requests that services answer. */

const count = 'http_server_requests_seconds_count';
const bucket = 'http_server_requests_seconds_bucket';
const shop = 'namespace="shop",job="service",service="shop"';
const auth = 'namespace="identity",job="service",service="auth"';
/** Another service under the name of one that there is, elsewhere. */
const shopElsewhere = 'namespace="stage",job="service",service="shop"';

const ofShop = { namespace: 'shop', job: 'service', service: 'shop' };
const ofAuth = { namespace: 'identity', job: 'service', service: 'auth' };
const ofShopElsewhere = { ...ofShop, namespace: 'stage' };

/** What Prometheus and the kubelet ask for is none of the load: far more than that here, and all of it fails. */
const ofOperators = {
  [`${count}{${shop},pod="p1",uri="/actuator/prometheus",outcome="SERVER_ERROR"}`]: '0+1500x20',
  [`${count}{${shop},pod="p1",uri="/actuator/health/readiness",outcome="SERVER_ERROR"}`]: '0+1500x20',
};

/** Requests of two pods on two paths, a tenth of which fail: 10/s; and of two other services, one of which is idle. */
const load = {
  ...ofOperators,
  [`${count}{${shop},pod="p1",uri="/a",outcome="SUCCESS"}`]: '0+75x20',
  [`${count}{${shop},pod="p2",uri="/a",outcome="CLIENT_ERROR"}`]: '0+30x20',
  [`${count}{${shop},pod="p1",uri="/b",outcome="SUCCESS"}`]: '0+30x20',
  [`${count}{${shop},pod="p1",uri="/b",outcome="SERVER_ERROR"}`]: '0+3x20',
  [`${count}{${shop},pod="p2",uri="/b",outcome="SERVER_ERROR"}`]: '0+12x20',
  [`${count}{${shopElsewhere},pod="p3",uri="/b",outcome="SERVER_ERROR"}`]: '0+0.75x20',
  [`${count}{${auth},pod="p4",uri="/a",outcome="SUCCESS"}`]: '700x20',
};

/** Two pods, two paths, a share of requests in each bucket: in all 75, 90, 99 and 100 of a hundred. */
const latencies = (labels: string) => ({
  [`${bucket}{${labels},pod="p1",uri="/a",le="0.1"}`]: '0+75x20',
  [`${bucket}{${labels},pod="p1",uri="/a",le="0.5"}`]: '0+75x20',
  [`${bucket}{${labels},pod="p1",uri="/a",le="1.0"}`]: '0+75x20',
  [`${bucket}{${labels},pod="p1",uri="/a",le="+Inf"}`]: '0+75x20',
  [`${bucket}{${labels},pod="p2",uri="/b",le="0.1"}`]: '0+0x20',
  [`${bucket}{${labels},pod="p2",uri="/b",le="0.5"}`]: '0+15x20',
  [`${bucket}{${labels},pod="p2",uri="/b",le="1.0"}`]: '0+24x20',
  [`${bucket}{${labels},pod="p2",uri="/b",le="+Inf"}`]: '0+25x20',
  [`${bucket}{${labels},pod="p1",uri="/actuator/prometheus",le="1.0"}`]: '0+300x20',
  [`${bucket}{${labels},pod="p1",uri="/actuator/prometheus",le="+Inf"}`]: '0+900x20',
});

export const requests: readonly RuleCase[] = [
  {
    record: 'job:http_requests:rate5m',
    when: 'adds up pods, paths and outcomes, without the requests of operators, and tells services',
    series: load,
    gives: [
      { labels: ofShop, value: 10 },
      { labels: ofShopElsewhere, value: 0.05 },
      { labels: ofAuth, value: 0 },
    ],
  },
  {
    record: 'job:http_requests:rate5m',
    when: 'does not go down with a pod that starts anew',
    series: { [`${count}{${shop},pod="p1",uri="/a"}`]: '6000+75x13 0+75x7' },
    query: 'round(job:http_requests:rate5m, 0.1)',
    // Of 5/s, for what it counted between its last sample and its end is lost.
    gives: [{ labels: ofShop, value: 4.7 }],
  },
  {
    record: 'job:http_requests:rate5m',
    when: 'ends five minutes after the pods',
    series: { [`${count}{${shop},pod="p1",uri="/a"}`]: '0+75x8 stale' },
    at: '7m15s',
    gives: [],
  },
  {
    record: 'job:http_errors:ratio_rate5m',
    when: 'is the share of server errors, 0 before the first, and none of a service that nobody asks',
    series: {
      ...load,
      [`${count}{namespace="shop",job="service",service="search",pod="p5",uri="/a",outcome="SUCCESS"}`]: '0+15x20',
    },
    gives: [
      { labels: ofShop, value: 0.1 },
      { labels: ofShopElsewhere, value: 1 },
      { labels: { ...ofShop, service: 'search' }, value: 0 },
    ],
  },
  {
    record: 'job_uri:http_requests:rate5m',
    when: 'adds up pods and outcomes by path',
    series: load,
    gives: [
      { labels: { ...ofShop, uri: '/a' }, value: 7 },
      { labels: { ...ofShop, uri: '/b' }, value: 3 },
      { labels: { ...ofShopElsewhere, uri: '/b' }, value: 0.05 },
      { labels: { ...ofAuth, uri: '/a' }, value: 0 },
    ],
  },
  {
    record: 'job_uri:http_errors:ratio_rate5m',
    when: 'is the share of server errors by path, 0 before the first',
    series: load,
    gives: [
      { labels: { ...ofShop, uri: '/a' }, value: 0 },
      { labels: { ...ofShop, uri: '/b' }, value: 1 / 3 },
      { labels: { ...ofShopElsewhere, uri: '/b' }, value: 1 },
    ],
  },
  {
    record: 'job_le:http_server_requests_seconds_bucket:rate5m',
    when: 'adds up pods and paths by bucket, without the requests of operators',
    series: { ...latencies(shop), [`${bucket}{${auth},pod="p4",uri="/a",le="+Inf"}`]: '0+15x20' },
    gives: [
      { labels: { ...ofShop, le: '0.1' }, value: 5 },
      { labels: { ...ofShop, le: '0.5' }, value: 6 },
      { labels: { ...ofShop, le: '1.0' }, value: 6.6 },
      { labels: { ...ofShop, le: '+Inf' }, value: 100 / 15 },
      { labels: { ...ofAuth, le: '+Inf' }, value: 1 },
    ],
  },
  {
    record: 'job:http_latency_p95:rate5m',
    when: 'is over all pods of a service',
    series: {
      ...latencies(shop),
      [`${bucket}{${auth},pod="p4",uri="/a",le="0.1"}`]: '0+15x20',
      [`${bucket}{${auth},pod="p4",uri="/a",le="+Inf"}`]: '0+15x20',
    },
    query: 'round(job:http_latency_p95:rate5m, 0.001)',
    // Five of the nine requests between half a second and one are below it.
    gives: [
      { labels: ofShop, value: 0.778 },
      { labels: ofAuth, value: 0.095 },
    ],
  },
  {
    record: 'job:http_latency_p95:rate5m',
    when: 'is no number where nobody asks',
    series: { [`${bucket}{${shop},uri="/a",le="1.0"}`]: '50x20', [`${bucket}{${shop},uri="/a",le="+Inf"}`]: '50x20' },
    query: 'job:http_latency_p95:rate5m >= 0',
    gives: [],
  },
  {
    record: 'job_uri:http_latency_p95:rate5m',
    when: 'is over all pods of a path',
    series: {
      ...latencies(shop),
      // Another pod's share of the slow path.
      [`${bucket}{${shop},pod="p1",uri="/b",le="0.1"}`]: '0+0x20',
      [`${bucket}{${shop},pod="p1",uri="/b",le="0.5"}`]: '0+75x20',
      [`${bucket}{${shop},pod="p1",uri="/b",le="1.0"}`]: '0+75x20',
      [`${bucket}{${shop},pod="p1",uri="/b",le="+Inf"}`]: '0+75x20',
    },
    query: 'round(job_uri:http_latency_p95:rate5m, 0.001)',
    gives: [
      { labels: { ...ofShop, uri: '/a' }, value: 0.095 },
      { labels: { ...ofShop, uri: '/b' }, value: 0.778 },
    ],
  },
];
