import { parse } from 'yaml';

interface Step {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly action?: string;
}

/** Steps that only keep lists have; a step that drops some names may be of a target, or of the cluster's own jobs. */
const isKeepList = ({ source_labels = [], regex, action }: Step) =>
  source_labels.join() === '__name__' && (action === 'keep' || (action === 'drop' && regex === '.+'));

/**
 * Whether a Prometheus stores only a part of what it scrapes.
 *
 * @param yaml its configuration, as it answers on status/config
 */
export function hasKeepLists(yaml: string): boolean {
  const { scrape_configs = [] }: { scrape_configs?: { metric_relabel_configs?: Step[] }[] } = parse(yaml);
  return scrape_configs.some(({ metric_relabel_configs = [] }) => metric_relabel_configs.some(isKeepList));
}
