import { fullConfig } from './config-fixture.ts';

/** A config that tells several, each in another way. */
export const alertingConfig = {
  ...fullConfig,
  alerting: {
    receivers: [
      { name: 'team', slack: { secret: 'slack-load-tests', channel: '#load-tests' } },
      {
        name: 'on-call',
        pagerduty: { secret: 'pagerduty-key' },
        email: {
          to: ['sre@example.com', 'lead@example.com'],
          from: 'loadscope@example.com',
          smarthost: 'smtp.example.com:587',
          username: 'loadscope',
          secret: 'smtp-password',
        },
      },
      { name: 'bot', webhook: { url: 'http://bot.tools.svc:8080/alerts' } },
      { name: 'switch', webhook: { secret: 'switch-url' } },
    ],
    default: 'team',
    routes: [
      { receiver: 'bot', testid: 'nightly-\\d{1,3}', repeatInterval: '1h' },
      { receiver: 'bot', severity: 'info', alert: 'Run.*' },
      { receiver: 'on-call', severity: 'critical' },
    ],
    mute: [{ testid: 'smoke-.*' }, { alert: 'LoadTestThroughputLow', service: 'auth' }],
    deadMansSwitch: { receiver: 'switch', interval: '5m' },
  },
};

export type Labels = Readonly<Record<string, string>>;

/** Alerts, who is told of them, and by which labels they are put together. */
export const routed: readonly { readonly labels: Labels; readonly to: string; readonly by?: readonly string[] }[] = [
  { labels: { alertname: 'TargetDown', severity: 'warning', job: 'redis' }, to: 'team' },
  { labels: { alertname: 'HttpLatencyHigh', severity: 'warning', service: 'shop' }, to: 'team' },
  { labels: { alertname: 'HttpLatencyHigh', severity: 'critical', service: 'shop' }, to: 'on-call' },
  { labels: { alertname: 'LoadTestLatencyHigh', severity: 'warning', testid: 'browse-1' }, to: 'team', by: ['testid'] },
  {
    labels: { alertname: 'LoadTestLatencyHigh', severity: 'critical', testid: 'browse-1', service: 'shop' },
    to: 'on-call',
    by: ['testid'],
  },
  {
    labels: { alertname: 'LoadTestLatencyHigh', severity: 'critical', testid: 'nightly-12' },
    to: 'bot',
    by: ['testid'],
  },
  {
    labels: { alertname: 'LoadTestLatencyHigh', severity: 'warning', testid: 'nightly-1234' },
    to: 'team',
    by: ['testid'],
  },
  {
    labels: { alertname: 'LoadTestLatencyHigh', severity: 'warning', testid: 'my-nightly-1' },
    to: 'team',
    by: ['testid'],
  },
  { labels: { alertname: 'LoadTestLatencyHigh', severity: 'critical', testid: 'smoke-7' }, to: 'none' },
  { labels: { alertname: 'LoadTestThroughputLow', severity: 'warning', service: 'auth', testid: 'b-1' }, to: 'none' },
  {
    labels: { alertname: 'LoadTestThroughputLow', severity: 'warning', service: 'shop', testid: 'b-1' },
    to: 'team',
    by: ['testid'],
  },
  { labels: { alertname: 'BottleneckFound', severity: 'info', service: 'shop' }, to: 'none' },
  { labels: { alertname: 'RunStarted', severity: 'info', testid: 'browse-1' }, to: 'bot', by: ['testid'] },
  { labels: { alertname: 'OfSomebodyElse', service: 'shop' }, to: 'team' },
  { labels: { alertname: 'Watchdog', severity: 'info' }, to: 'dead-mans-switch' },
];

const alert = (alertname: string, severity: string, labels: Labels = {}): Labels => ({
  alertname,
  severity,
  ...labels,
});

/** Alerts that fire together, and which of them keeps back which others. */
export const inhibited: readonly {
  readonly source: Labels;
  readonly back: readonly Labels[];
  readonly told: readonly Labels[];
}[] = [
  {
    source: alert('KafkaLagHigh', 'critical', { instance: 'events', consumergroup: 'a', topic: 't' }),
    back: [alert('KafkaLagHigh', 'warning', { instance: 'events', consumergroup: 'a', topic: 't' })],
    told: [
      alert('KafkaLagHigh', 'warning', { instance: 'events', consumergroup: 'b', topic: 't' }),
      alert('KafkaLagHigh', 'warning', { instance: 'events', consumergroup: 'a', topic: 'u' }),
      alert('KafkaLagSecondsHigh', 'warning', { instance: 'events', consumergroup: 'a', topic: 't' }),
      alert('KafkaLagHigh', 'info', { instance: 'events', consumergroup: 'a', topic: 't' }),
    ],
  },
  {
    source: alert('LoadTestLatencyHigh', 'critical', { testid: 'run-1', service: 'shop' }),
    back: [alert('LoadTestLatencyHigh', 'warning', { testid: 'run-1', service: 'shop' })],
    told: [
      alert('LoadTestLatencyHigh', 'warning', { testid: 'run-2', service: 'shop' }),
      alert('LoadTestLatencyHigh', 'warning', { testid: 'run-1', service: 'shop', name: 'checkout' }),
      alert('LoadTestErrorRateHigh', 'critical', { testid: 'run-1', service: 'shop' }),
    ],
  },
  {
    source: alert('MysqlDown', 'critical', { instance: 'orders' }),
    back: [
      alert('MysqlConnectionsHigh', 'warning', { instance: 'orders', job: 'mysql' }),
      alert('MysqlReplicationBroken', 'critical', { instance: 'orders', job: 'mysql' }),
      alert('TargetDown', 'warning', { instance: 'orders', job: 'mysql' }),
    ],
    told: [
      alert('MysqlConnectionsHigh', 'warning', { instance: 'other', job: 'mysql' }),
      alert('MysqlConnectionsHigh', 'warning', { job: 'mysql' }),
      alert('RedisMemoryHigh', 'warning', { instance: 'orders', job: 'redis' }),
      alert('TargetDown', 'warning', { instance: 'orders', job: 'kafka' }),
      alert('MysqlDown', 'critical', { instance: 'third' }),
    ],
  },
  {
    source: alert('KafkaDown', 'critical', { instance: 'events-2' }),
    back: [alert('TargetDown', 'warning', { instance: 'events-2', job: 'kafka' })],
    told: [],
  },
  {
    source: alert('TargetDown', 'warning', { instance: 'cache', job: 'redis' }),
    back: [alert('RedisEvicting', 'warning', { instance: 'cache', job: 'redis' })],
    told: [
      alert('RedisDown', 'critical', { instance: 'cache' }),
      alert('MysqlDeadlocks', 'warning', { instance: 'cache', job: 'mysql' }),
    ],
  },
  {
    source: alert('TargetDown', 'warning', { instance: 'zipkin', job: 'zipkin' }),
    back: [alert('ZipkinStorageSlow', 'warning', { instance: 'zipkin' })],
    told: [],
  },
  {
    source: alert('ServiceDown', 'critical'),
    back: [],
    told: [alert('HttpErrorRateHigh', 'warning')],
  },
  {
    source: alert('ServiceDown', 'critical', { service: 'pay', namespace: 'shop' }),
    back: [
      alert('HttpLatencyHigh', 'critical', { service: 'pay' }),
      alert('HttpErrorRateHigh', 'warning', { service: 'pay' }),
      alert('ErrorBudgetBurn', 'critical', { service: 'pay', window: '1h' }),
      alert('TargetDown', 'warning', { service: 'pay', job: 'service', instance: '10.0.0.7:8080' }),
    ],
    told: [
      alert('HttpLatencyHigh', 'critical', { service: 'other' }),
      alert('HttpLatencyHigh', 'critical'),
      alert('ContainerOomKilled', 'critical', { service: 'pay' }),
      alert('LoadTestErrorRateHigh', 'critical', { service: 'pay', testid: 'run-9' }),
    ],
  },
];
