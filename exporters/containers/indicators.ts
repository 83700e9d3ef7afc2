import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { ruleWindow } from '../../model/promql.ts';
import { cpuOfLimit, memoryOfLimit, type OfContainer, ofAnyService } from './use.ts';

/** How full the containers of services are, by their limits. */
export function indicators(config: Config): Indicator[] {
  const subjects = { service: 'service' };
  const each = ['service', 'namespace', 'pod', 'container'];
  const of = 'container {{ $labels.container }} of {{ $labels.pod }}';
  const cpu = (matchers: OfContainer) => cpuOfLimit({ ...ofAnyService, ...matchers }, ruleWindow(config));
  const used = (matchers: OfContainer) => memoryOfLimit({ ...ofAnyService, ...matchers });
  return [
    {
      indicator: 'utilization',
      resource: 'cpu',
      subjects,
      each,
      now: cpu,
      ofRun: (matchers) => `max_over_time((${cpu(matchers)})[$__range:15s])`,
      alert: {
        alert: 'ContainerCpuHigh',
        for: '2m',
        of,
        description:
          'It uses this much of its CPU limit. Near the limit, requests queue for CPU: raise the limit or add pods of {{ $labels.service }}, if the ranking of the resources has it on top.',
      },
    },
    {
      indicator: 'utilization',
      resource: 'memory',
      subjects,
      each,
      now: used,
      ofRun: (matchers) => `max_over_time((${used(matchers)})[$__range:15s])`,
      alert: {
        alert: 'ContainerMemoryHigh',
        for: '1m',
        of,
        description:
          'This much of its memory limit is in use and cannot be reclaimed. At the limit the kernel kills it: give {{ $labels.service }} more memory, or find out what it holds on to.',
      },
    },
  ];
}
