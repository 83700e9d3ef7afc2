import type { Alert } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { increase, rate, ratio, select } from '../../model/promql.ts';
import { scrapeTimeout } from '../../model/target.ts';
import { metrics, received } from './metrics.ts';

/** Long enough for a failure to be seen after it is over, and to hold some of what happens once a minute. */
const window = '5m';

const onDisk = [metrics.disk, metrics.log, metrics.headChunks, metrics.lateLog].map((part) => select(part));

/** When Prometheus itself is the reason why a panel is empty or an alert is missing. */
export const alerts = ({ scrapeInterval }: Config): Alert[] => [
  {
    alert: 'PrometheusConfigReloadFailed',
    expr: `${select(metrics.reloaded)} == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'Prometheus {{ $labels.instance }} refuses its new configuration',
    description:
      'It goes on with the one before, so targets, rules and alerts that were added or changed since then are not there. Its log names the line that it refuses.',
  },
  {
    alert: 'PrometheusRuleFailures',
    expr: `${increase(metrics.ruleFailures, {}, window)} > 0`,
    for: '0s',
    severity: 'warning',
    summary: 'Prometheus {{ $labels.instance }} cannot evaluate rules of {{ $labels.rule_group }}',
    description:
      '{{ $value | printf "%.0f" }} evaluations failed in five minutes. Alerts of this group may be missing, and what it records has gaps. The page of rules shows the error beside each rule.',
  },
  {
    alert: 'PrometheusRemoteWriteRefused',
    // A load generator does not send a request again that was refused: the first one is already lost.
    expr: `${increase(metrics.requests, { ...received, code: '!~2..' }, window)} > 0`,
    for: '0s',
    severity: 'warning',
    summary: 'Prometheus {{ $labels.instance }} refuses what load generators push, with status {{ $labels.code }}',
    description:
      '{{ $value | printf "%.0f" }} requests were refused in five minutes, and what was in them is lost: results of the run have gaps. Look at the log of a runner, which has the reason in words.',
  },
  {
    alert: 'PrometheusOutOfOrderSamples',
    expr: `${increase(metrics.tooOld, {}, window)} > 0`,
    for: '0s',
    severity: 'warning',
    summary: 'Prometheus {{ $labels.instance }} drops samples that come too late',
    description:
      '{{ $value | printf "%.0f" }} {{ $labels.type }} samples in five minutes were older than the window for late ones, and are lost. Look at the clocks and the CPU of the nodes that the load generators run on.',
  },
  {
    alert: 'PrometheusWalCorruption',
    // Long, because it is found at a restart, after which reading the log takes its time.
    expr: `${increase(metrics.corruptions, {}, '1h')} > 0`,
    for: '0s',
    severity: 'warning',
    summary: 'Prometheus {{ $labels.instance }} found its write-ahead log damaged',
    description:
      'What stood behind the damage is gone: up to two hours before the restart may be missing, runs of that time among them. Look at the volume, and at why Prometheus was restarted.',
  },
  {
    alert: 'PrometheusNotificationsFailing',
    expr: `${rate(metrics.notNotified, {}, window)} > ${rate(metrics.notified, {}, window)}`,
    for: '1m',
    severity: 'warning',
    summary: 'Most alerts of Prometheus {{ $labels.instance }} do not reach Alertmanager',
    description:
      '{{ $value | printf "%.2f" }} alerts per second fail on their way to {{ $labels.alertmanager }}, more than get there, so nobody is told of them. Look at the pod of Alertmanager, then at the log of Prometheus.',
  },
  {
    alert: 'PrometheusNearRetentionSize',
    expr: `${ratio(`(${onDisk.join(' + ')})`, select(metrics.sizeLimit))} > 0.9`,
    for: '1m',
    severity: 'warning',
    summary: 'Prometheus {{ $labels.instance }} has nearly used the disk that it may',
    description:
      '{{ $value | humanizePercentage }} of retention.size is taken. From there on the oldest samples go, before the time that retention.time promises: give it more, or export the runs that you want to keep.',
  },
  {
    alert: 'PrometheusScrapeSlow',
    // Four fifths of what a scrape may take; one that takes longer fails, and the target reads as down.
    expr: `scrape_duration_seconds > ${Number((0.8 * Number.parseInt(scrapeTimeout(scrapeInterval), 10)).toPrecision(12))}`,
    for: '1m',
    severity: 'warning',
    summary: 'Scrapes of {{ $labels.job }} {{ $labels.instance }} nearly take too long',
    description: `Its last scrape took {{ $value | humanizeDuration }}, and after ${scrapeTimeout(scrapeInterval)} it is given up: its panels then have gaps. Look at the CPU of what is scraped.`,
  },
];
