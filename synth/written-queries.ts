import { parse } from 'yaml';
import type { Dashboard } from '../contract/dashboard.ts';
import type { RuleFile } from '../contract/rules.ts';
import type { Manifest } from './check.ts';

/** An object with queries, in part. */
interface Written extends Manifest {
  readonly spec?: Partial<RuleFile> & { readonly json?: string };
}

/** The dashboards and the rules as the cluster will get them, whatever they were made from and for whom. */
export function writtenQueries(manifests: readonly Written[]): { dashboards: Dashboard[]; rules: RuleFile } {
  const dashboards = manifests.flatMap(({ kind, metadata, data = {}, spec }): string[] => {
    if (kind === 'GrafanaDashboard') return [spec?.json ?? ''];
    return kind === 'ConfigMap' && metadata.name.startsWith('dashboard-') ? Object.values(data) : [];
  });
  const groups = manifests.flatMap(({ kind, metadata, data = {}, spec }): RuleFile['groups'] => {
    if (kind === 'PrometheusRule') return spec?.groups ?? [];
    return kind === 'ConfigMap' && metadata.name === 'prometheus-config' ? parse(data['rules.yml'] ?? '').groups : [];
  });
  return { dashboards: dashboards.map((json) => JSON.parse(json)), rules: { groups } };
}
