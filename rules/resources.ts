import type { Recording } from '../model/recording.ts';
import { pressure } from '../model/resource.ts';
import type { Target } from '../model/target.ts';

/** How near each resource is to its limit. Whose it is goes by one label for all, beside the one of its kind. */
export const resourcePressure = (targets: readonly Target[]): Recording[] =>
  targets
    .flatMap(({ resources = [] }) => resources)
    .map(({ resource, facet, of, pressure: expr }) => ({
      record: pressure.name,
      expr: `label_replace(${expr}, "of", "$1", "${of}", "(.+)")`,
      labels: { resource, facet },
    }));
