import type { AlertCase, RuleCase } from '../case.ts';

const own = { job: 'prometheus', instance: 'prometheus' };
const of = (name: string, labels: Record<string, string> = {}) =>
  `${name}{${Object.entries({ ...own, ...labels })
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;
const other = { instance: 'other' };

/** What holds for each alert that a counter gives, as soon as it has grown and until five minutes after. */
const ofCounter = (alert: string, one: string, another: string, told: Record<string, string>): readonly AlertCase[] => [
  { alert, when: 'fires at the first', series: { [one]: '3x19 4', [another]: '3x20' }, fires: [told] },
  { alert, when: 'fires however few they are', series: { [one]: '0x19 0.05' }, fires: [told] },
  { alert, when: 'fires nearly five minutes after the last', series: { [one]: '0x1 1x18' }, fires: [told] },
  { alert, when: 'ends five minutes after the last', series: { [one]: '0 1x19' }, fires: [] },
  { alert, when: 'does not fire while the counter stands', series: { [one]: '7x20' }, fires: [] },
  { alert, when: 'does not fire when a restart sets the counter back', series: { [one]: '7x10 0x9' }, fires: [] },
  { alert, when: 'ends when it is monitored no more', series: { [one]: '0x5 9 stale' }, at: '7m', fires: [] },
];

const reloaded = of('prometheus_config_last_reload_successful');
const reloads: readonly AlertCase[] = [
  {
    when: 'fires after a minute with the configuration of before',
    series: { [reloaded]: '1x15 0x4', [of('prometheus_config_last_reload_successful', other)]: '1x20' },
    fires: [{ ...own, severity: 'critical' }],
  },
  { when: 'does not fire before that', series: { [reloaded]: '1x16 0x3' }, fires: [] },
  { when: 'does not fire while all is well', series: { [reloaded]: '1x20' }, fires: [] },
  { when: 'ends when the configuration is mended', series: { [reloaded]: '0x19 1' }, fires: [] },
  { when: 'ends when it is monitored no more', series: { [reloaded]: '0x18 stale' }, fires: [] },
].map((one) => ({ alert: 'PrometheusConfigReloadFailed', ...one }));

const failures = (rule_group: string) => of('prometheus_rule_evaluation_failures_total', { rule_group });

const pushes = (code: string, handler = '/api/v1/write') => of('prometheus_http_requests_total', { handler, code });

const late = (type: string) => of('prometheus_tsdb_too_old_samples_total', { type });

const damaged = of('prometheus_tsdb_wal_corruptions_total');
const damage: readonly AlertCase[] = [
  {
    when: 'fires when the log was read at a restart that took a while',
    series: { [damaged]: '0x4 _x8 1x3', [of('prometheus_tsdb_wal_corruptions_total', other)]: '1x16' },
    at: '16m',
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'fires at the second one as well',
    series: { [damaged]: '1x4 2x3' },
    at: '8m',
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'fires however little it counts',
    series: { [damaged]: '0x8 0.05' },
    at: '9m',
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'fires for nearly an hour',
    series: { [damaged]: '0 1x59' },
    at: '59m',
    fires: [{ ...own, severity: 'warning' }],
  },
  { when: 'ends after an hour', series: { [damaged]: '0 1x60' }, at: '60m', fires: [] },
  { when: 'does not fire at a restart with a sound log', series: { [damaged]: '1x4 0x4' }, at: '9m', fires: [] },
  { when: 'does not fire while none is found', series: { [damaged]: '0x60' }, at: '60m', fires: [] },
].map((one) => ({ alert: 'PrometheusWalCorruption', interval: '1m', ...one }));

const notified = (alertmanager: string) => of('prometheus_notifications_sent_total', { alertmanager });
const notNotified = (alertmanager: string) => of('prometheus_notifications_errors_total', { alertmanager });
const notifications: readonly AlertCase[] = [
  {
    when: 'fires where a few more fail than get through',
    series: { [notNotified('a')]: '0+26x40', [notified('a')]: '0+25x40' },
    fires: [{ ...own, alertmanager: 'a', severity: 'warning' }],
  },
  {
    when: 'does not fire where a few more get through than fail',
    series: { [notNotified('a')]: '0+25x40', [notified('a')]: '0+26x40' },
    fires: [],
  },
  {
    when: 'does not fire at exactly half',
    series: { [notNotified('a')]: '0+25x40', [notified('a')]: '0+25x40' },
    fires: [],
  },
  {
    when: 'fires after a minute',
    series: { [notNotified('a')]: '0x35 1+1x4', [notified('a')]: '9x40' },
    fires: [{ alertmanager: 'a' }],
  },
  {
    when: 'does not fire before that',
    series: { [notNotified('a')]: '0x36 1+1x3', [notified('a')]: '9x40' },
    fires: [],
  },
  {
    when: 'does not fire when none is sent',
    series: { [notNotified('a')]: '4x40', [notified('a')]: '9x40' },
    fires: [],
  },
  {
    when: 'does not fire for one that is lost while Alertmanager restarts',
    series: { [notNotified('a')]: '0x32 1x7', [notified('a')]: '0x3 1x3 2x3 3x3 4x3 5x3 6x3 7x7 8x4' },
    fires: [],
  },
  {
    when: 'counts from 0 after a restart',
    series: { [notNotified('a')]: '80x20 0x19', [notified('a')]: '60x20 0+1x19' },
    fires: [],
  },
  {
    when: 'is of one Alertmanager and not of two',
    series: {
      [notNotified('a')]: '0+5x40',
      [notified('a')]: '0x40',
      [notNotified('b')]: '0x40',
      [notified('b')]: '0+9x40',
    },
    fires: [{ alertmanager: 'a' }],
  },
  {
    when: 'ends when it is monitored no more',
    series: { [notNotified('a')]: '0+5x18 stale', [notified('a')]: '0x18 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'PrometheusNotificationsFailing', at: '10m', ...one }));

const onDisk = (instance: string, ...values: readonly [string, string, string, string, string]) => {
  const names = [
    'prometheus_tsdb_storage_blocks_bytes',
    'prometheus_tsdb_wal_storage_size_bytes',
    'prometheus_tsdb_head_chunks_storage_size_bytes',
    'prometheus_tsdb_out_of_order_wbl_storage_size_bytes',
    'prometheus_tsdb_retention_limit_bytes',
  ];
  return Object.fromEntries(names.map((name, index) => [of(name, { instance }), values[index] ?? '']));
};
const disk: readonly AlertCase[] = [
  {
    when: 'fires just above nine tenths',
    series: onDisk('prometheus', '600x20', '200x20', '80x20', '25x20', '1000x20'),
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'does not fire just below them',
    series: onDisk('prometheus', '600x20', '200x20', '80x20', '15x20', '1000x20'),
    fires: [],
  },
  {
    when: 'does not fire at exactly nine tenths',
    series: onDisk('prometheus', '600x20', '200x20', '80x20', '20x20', '1000x20'),
    fires: [],
  },
  {
    when: 'does not fire without a limit',
    series: onDisk('prometheus', '600x20', '200x20', '80x20', '25x20', '0x20'),
    fires: [],
  },
  {
    when: 'fires however small the limit is',
    series: onDisk('prometheus', '0.03x20', '0.01x20', '0.004x20', '0.002x20', '0.05x20'),
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'fires after a minute',
    series: onDisk('prometheus', '600x20', '200x15 300x4', '80x20', '0x20', '1000x20'),
    fires: [{ ...own, severity: 'warning' }],
  },
  {
    when: 'does not fire before that',
    series: onDisk('prometheus', '600x20', '200x16 300x3', '80x20', '0x20', '1000x20'),
    fires: [],
  },
  {
    when: 'ends when the oldest block goes',
    series: onDisk('prometheus', '700x19 500', '200x20', '80x20', '0x20', '1000x20'),
    fires: [],
  },
  {
    when: 'does not add up what two have',
    series: {
      ...onDisk('prometheus', '300x20', '100x20', '80x20', '0x20', '1000x20'),
      ...onDisk('other', '300x20', '100x20', '80x20', '0x20', '1000x20'),
    },
    fires: [],
  },
  {
    when: 'ends when it is monitored no more',
    series: onDisk('prometheus', '900x18 stale', '200x18 stale', '80x18 stale', '0x18 stale', '1000x18 stale'),
    fires: [],
  },
].map((one) => ({ alert: 'PrometheusNearRetentionSize', ...one }));

const scrape = (instance: string) => `scrape_duration_seconds{job="kafka",instance="${instance}"}`;
const scrapes: readonly AlertCase[] = [
  {
    when: 'fires just above four fifths of what a scrape may take, of the one that is slow',
    series: { [scrape('events')]: '8.3x20', [scrape('audit')]: '0.2x20' },
    fires: [{ job: 'kafka', instance: 'events', severity: 'warning' }],
  },
  { when: 'does not fire just below', series: { [scrape('events')]: '7.7x20' }, fires: [] },
  { when: 'does not fire at exactly that', series: { [scrape('events')]: '8x20' }, fires: [] },
  { when: 'fires after a minute', series: { [scrape('events')]: '1x15 9x4' }, fires: [{ instance: 'events' }] },
  { when: 'does not fire before that', series: { [scrape('events')]: '1x16 9x3' }, fires: [] },
  { when: 'does not fire for one that was slow', series: { [scrape('events')]: '1x10 9x2 1x7' }, fires: [] },
  {
    when: 'does not add up those of one job',
    series: { [scrape('events')]: '5x20', [scrape('audit')]: '5x20' },
    fires: [],
  },
  { when: 'ends when it is monitored no more', series: { [scrape('events')]: '9x18 stale' }, fires: [] },
].map((one) => ({ alert: 'PrometheusScrapeSlow', ...one }));

export const prometheus: readonly RuleCase[] = [
  ...reloads,
  ...ofCounter('PrometheusRuleFailures', failures('/etc/prometheus/rules.yml;kafka'), failures('mysql'), {
    ...own,
    rule_group: '/etc/prometheus/rules.yml;kafka',
    severity: 'warning',
  }),
  ...ofCounter('PrometheusRemoteWriteRefused', pushes('503'), pushes('400'), {
    ...own,
    code: '503',
    severity: 'warning',
  }),
  {
    alert: 'PrometheusRemoteWriteRefused',
    when: 'is of what load generators push, and of what is refused',
    series: {
      [pushes('400')]: '2x18 3 4',
      [pushes('204')]: '0+90x20',
      [pushes('200')]: '0+1x20',
      [pushes('422', '/api/v1/query')]: '0+5x20',
    },
    fires: [{ code: '400' }],
  },
  {
    alert: 'PrometheusRemoteWriteRefused',
    when: 'takes two with a status of which there was none before',
    series: { [pushes('400')]: '_x19 1', [pushes('503')]: '_x18 1 2' },
    fires: [{ code: '503' }],
  },
  ...ofCounter('PrometheusOutOfOrderSamples', late('float'), late('histogram'), {
    ...own,
    type: 'float',
    severity: 'warning',
  }),
  ...damage,
  ...notifications,
  ...disk,
  ...scrapes,
];
