import { parse } from 'yaml';
import type { Dashboard } from '../contract/dashboard.ts';
import type { RuleFile } from '../contract/rules.ts';
import type { Manifest } from './check.ts';

/** The dashboards and the rule file as the cluster will get them, whatever they were made from. */
export function writtenQueries(manifests: readonly Manifest[]): { dashboards: Dashboard[]; rules: RuleFile } {
  const configMaps = manifests.filter(({ kind }) => kind === 'ConfigMap');
  const dashboards = configMaps
    .filter(({ metadata }) => metadata.name.startsWith('dashboard-'))
    .flatMap(({ data = {} }) => Object.values(data).map((json) => JSON.parse(json)));
  const prometheus = configMaps.find(({ metadata }) => metadata.name === 'prometheus-config');
  return { dashboards, rules: parse(prometheus?.data?.['rules.yml'] ?? '') };
}
