import type { Alert } from '../model/alert.ts';
import type { Target } from '../model/target.ts';

/** Whatever is scraped can be unreachable. */
const targetDown: Alert = {
  alert: 'TargetDown',
  expr: 'up == 0',
  for: '5m',
  severity: 'warning',
  summary: '{{ $labels.job }} {{ $labels.instance }} cannot be scraped',
  description:
    'Prometheus gets no answer from it, so panels that read it are empty. Look at its pod, and at the last error on the page of targets.',
};

/** Prometheus' rule file, as an object: a group for the targets in general, and one for each that has rules. */
export const prometheusRules = (targets: readonly Target[]) => ({
  groups: [
    { name: 'targets', rules: [rule(targetDown)] },
    ...targets.flatMap(({ name, alerts = [] }) => (alerts.length ? [{ name, rules: alerts.map(rule) }] : [])),
  ],
});

const rule = ({ severity, summary, description, ...alert }: Alert) => ({
  ...alert,
  labels: { severity },
  annotations: { summary, description },
});
