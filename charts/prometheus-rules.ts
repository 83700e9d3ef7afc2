import type { Alert } from '../model/alert.ts';
import { pressure, type Resource } from '../model/resource.ts';
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

/** A rule in Prometheus' own words. */
type Rule = ReturnType<typeof rule> | ReturnType<typeof recorded>;

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/**
 * Prometheus' rule file, as an object: a group for the targets in general, one for how near each resource is to its
 * limit, and one for each target that has alerts.
 */
export function prometheusRules(targets: readonly Target[]): { groups: RuleGroup[] } {
  const resources = targets.flatMap((target) => target.resources ?? []);
  return {
    groups: [
      { name: 'targets', rules: [rule(targetDown)] },
      ...(resources.length ? [{ name: 'resources', rules: resources.map(recorded) }] : []),
      ...targets.flatMap(({ name, alerts = [] }) => (alerts.length ? [{ name, rules: alerts.map(rule) }] : [])),
    ],
  };
}

/** Whose the resource is goes by one label for all, beside the one of its kind. */
const recorded = ({ resource, facet, of, pressure: expr }: Resource) => ({
  record: pressure.name,
  expr: `label_replace(${expr}, "of", "$1", "${of}", "(.+)")`,
  labels: { resource, facet },
});

const rule = ({ severity, summary, description, ...alert }: Alert) => ({
  ...alert,
  labels: { severity },
  annotations: { summary, description },
});
