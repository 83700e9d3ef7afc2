import type { Alert } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { group, increase, last, ratio, ruleWindow, select, selector, sum } from '../../model/promql.ts';
import { cpuOfLimit, throttled } from '../containers/use.ts';
import { running } from '../kube-state-metrics/metrics.ts';
import { metrics as ofPrometheus, received } from '../prometheus/metrics.ts';
import { heldShare } from './checks.ts';
import { ofGenerators, serviceOfRun, withRun, withRunner } from './generator.ts';
import { metrics } from './metrics.ts';

/** What is the matter with a run itself, apart from those whom it loads. */
export function alerts(config: Config): Alert[] {
  const window = ruleWindow(config);
  const generators = ofGenerators(config);
  const busy = `label_replace(${cpuOfLimit(generators, window)} > 0.8, "facet", "utilization", "", "")`;
  // A tenth of the time is more than the requests that p95 leaves out.
  const stopped = `label_replace(${throttled(generators, window)} > 0.1, "facet", "saturation", "", "")`;
  return [
    {
      alert: 'LoadGeneratorSaturated',
      expr: withRun(`${busy} or ${stopped}`, config),
      for: '1m',
      severity: 'warning',
      summary: 'A load generator of {{ $labels.testid }} has too little CPU',
      description:
        'It {{ if eq $labels.facet "utilization" }}uses {{ $value | humanizePercentage }} of its CPU limit{{ else }}was stopped by its CPU limit in {{ $value | humanizePercentage }} of the periods{{ end }}. What it measures of {{ $labels.service }} now includes its own waiting, so the run says little. Give {{ $labels.pod }} more CPU, or the load to more runners.',
    },
    {
      alert: 'IterationsDropped',
      expr: `${droppedShare(window)} > 0.01`,
      for: '30s',
      severity: 'warning',
      summary: 'Load test {{ $labels.testid }} makes less load than it should',
      description:
        '{{ $value | humanizePercentage }} of the iterations that were due since its start had no virtual user. {{ $labels.service }} got less load than the profile says, and the requests that were left out are those that would have waited: latency is reported too low. Check whether the service became slow, or whether the scenario has too few users for its rate.',
    },
    {
      alert: 'CheckFailing',
      expr: `${heldShare(select(metrics.checks), {}, window)} < 0.99`,
      for: '30s',
      severity: 'warning',
      summary: 'Load test {{ $labels.testid }}: check "{{ $labels.check }}" fails',
      description:
        'It has passed in {{ $value | humanizePercentage }} of cases since the start of the run, over all runners. {{ $labels.service }} answers, but not what scenario {{ $labels.scenario }} expects: fast answers may be errors. Look at the errors by endpoint, then at what one such answer says.',
    },
    {
      alert: 'LoadTestSilent',
      // Of each runner by itself: what the others push is no sign of it.
      expr: `${withRunner(`${select(running, generators)} == 1`)} unless on (testid, instance_id) ${last(metrics.vus, {}, window)}`,
      for: '1m',
      severity: 'critical',
      summary: 'Load test {{ $labels.testid }}: a runner is at work, and nothing of it arrives',
      description:
        'No sample of its pod {{ $labels.pod }} has come for more than a minute: services may be under load that nobody sees. Look at the log of the pod for what it says of remote write.',
    },
    {
      alert: 'LoadTestInvalid',
      expr: invalid(config, window),
      for: '0s',
      severity: 'critical',
      summary: 'Load test {{ $labels.testid }} is invalid: {{ $labels.reason }}',
      description:
        'Whatever it says of {{ $labels.service }} from now on, it can neither pass nor fail, and that stays so until it ends. Stop it, fix what {{ $labels.reason }} is about, and start another.',
    },
  ];
}

/** Of the whole run: its counters start at 0, and the first drop of a burst is lost on a rate. */
function droppedShare(window: string): string {
  const of = ['testid', 'service'] as const;
  const dropped = last(metrics.dropped, {}, window);
  const done = sum(last(metrics.iterations, {}, window), ...of);
  // A system that hangs lets no iteration end.
  const doneOrNone = `(${done} or ${group(dropped, ...of)} * 0)`;
  return ratio(sum(dropped, ...of), `${sum(dropped, ...of)} + ${doneOrNone}`);
}

/** Alerts after which the figures of a run are not those of the services. */
const causes = ['LoadGeneratorSaturated', 'IterationsDropped', 'LoadTestSilent'];

/**
 * What was wrong for a while is in the figures of the whole run: the alert reads itself, and so goes on for as long as
 * the run does.
 */
function invalid({ output }: Config, window: string): string {
  const told = selector('ALERTS', { alertname: `=~${causes.join('|')}|LoadTestInvalid`, alertstate: '=firing' });
  const refused = increase(ofPrometheus.requests, { ...received, code: '!~2..' }, window);
  const reasons = [
    `label_replace(${told}, "reason", "$1", "alertname", "(${causes.join('|')})")`,
    // In a cluster's own Prometheus, nobody can tell whose writes were refused.
    ...(output.mode === 'plain'
      ? [
          `label_replace(${group(last(metrics.vus, {}, window), 'testid')} and on () ${refused} > 0, "reason", "PrometheusRemoteWriteRefused", "", "")`,
        ]
      : []),
  ];
  return `${group(reasons.join(' or '), 'testid', 'reason')} * on (testid) group_left (service) ${serviceOfRun(window)}`;
}
