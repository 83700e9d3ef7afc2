import type { Alert } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { group, increase, ruleWindow, select } from '../../model/promql.ts';
import { end, lastEnd, restarts } from '../kube-state-metrics/metrics.ts';
import { watchedNamespaces } from '../kube-state-metrics/namespaces.ts';
import { metrics, nodeCpu, nodeMemory, ofAnyService, throttled } from './use.ts';

/** What containers and nodes run out of. */
export function alerts(config: Config): Alert[] {
  const window = ruleWindow(config);
  return [
    {
      alert: 'ContainerCpuThrottled',
      // What hardly runs is stopped in many of its few periods, and nobody waits for it.
      expr: `${throttled(ofAnyService, window, 1)} > 0.25`,
      for: '1m',
      severity: 'warning',
      summary: 'Container {{ $labels.container }} of {{ $labels.pod }} is stopped by its CPU limit',
      description:
        'It had used up its limit in {{ $value | humanizePercentage }} of the periods of 100 ms, and stood still until the next. Its requests wait for that, though its use on average may lie below the limit: raise the limit of {{ $labels.service }}, or run fewer threads.',
    },
    {
      alert: 'ContainerOomKilled',
      expr: outOfMemory(config),
      for: '0s',
      severity: 'critical',
      summary: 'Container {{ $labels.container }} of {{ $labels.pod }} was killed for want of memory',
      description:
        'The kernel killed it, or a process in it, in {{ $labels.namespace }} in the last five minutes: it had reached its memory limit, or its node had no more. What it was working on is lost. Look at its memory before that, and raise the limit or find the leak.',
    },
    {
      alert: 'NodeCpuSaturated',
      expr: `${nodeCpu(window)} > 0.9`,
      for: '1m',
      severity: 'warning',
      summary: 'Node {{ $labels.instance }} has no CPU left',
      description:
        '{{ $value | humanizePercentage }} of its cores are busy. Everything on it slows down, whatever its own limit: check whether load generators share the node with what they load.',
    },
    {
      alert: 'NodeMemoryNearlyFull',
      expr: `${nodeMemory()} > 0.95`,
      for: '1m',
      severity: 'warning',
      summary: 'Node {{ $labels.instance }} has hardly any memory left',
      description:
        '{{ $value | humanizePercentage }} of its memory is in use and cannot be taken back. Next, the kubelet evicts pods or the kernel kills one: look at which pods of the node have grown.',
    },
  ];
}

/**
 * cAdvisor counts kills, and forgets them with the container: it is a witness where a child of the main process was
 * killed. Where it was the main process, Kubernetes tells of the end, of a container that was started anew and of one
 * that is not. The former has a reason for as long as it lives, and so needs a restart that is recent.
 */
function outOfMemory(config: Config): string {
  const window = '5m';
  const ofContainer = ['namespace', 'pod', 'container'] as const;
  const on = `on (${ofContainer.join(', ')})`;
  const watched = { namespace: `=~${watchedNamespaces(config).join('|')}`, container: '!=' } as const;
  const killed = { reason: '=OOMKilled' } as const;
  const ended = group(select(end, killed), ...ofContainer);
  return [
    group(`${increase(metrics.outOfMemory, watched, window)} > 0`, 'service', ...ofContainer),
    `(${group(`${increase(restarts, {}, window)} > 0`, 'service', ...ofContainer)} and ${on} ${select(lastEnd, killed)})`,
    `(${ended} unless ${on} present_over_time(${select(end, killed)}[1h] offset ${window}))`,
  ].join(` or ${on} `);
}
