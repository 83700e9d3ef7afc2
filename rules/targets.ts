import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { type AlertRule, ruleOf } from './rule.ts';

/** Whatever is scraped can be unreachable. */
const targetDown: Alert = {
  alert: 'TargetDown',
  expr: 'up == 0',
  for: '1m',
  severity: 'warning',
  summary: '{{ $labels.job }} {{ $labels.instance }} cannot be scraped',
  description:
    'Prometheus gets no answer from it, so panels that read it are empty. Look at its pod, and at the last error on the page of targets.',
};

/** Fires for ever: whoever waits for it in vain knows that the others do not get through either. */
const watchdog: Alert = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  for: '0s',
  severity: 'info',
  summary: 'Alerts get through',
  description: 'Always there. A dead man’s switch is told of it, and sounds when it hears nothing more.',
};

export const targetAlerts = (config: Config): AlertRule[] => [
  ruleOf(config, targetDown, 'loadscope-prometheus'),
  // A cluster that has Prometheus already has its own.
  ...(config.output.mode === 'plain' ? [ruleOf(config, watchdog, 'loadscope-alertmanager')] : []),
];
