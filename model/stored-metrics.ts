import * as z from 'zod';
import { re2 } from './re2.ts';

/** Which of the metrics that are scraped Prometheus stores. */
export const StoredMetrics = z.strictObject({
  store: z.enum(['used', 'all']).default('used').meta({
    description:
      '`used`: of what is scraped only what a panel, rule or alert of the stack reads. `all`: everything, which takes several times the memory and disk.',
  }),
  alsoKeep: z
    .array(
      z
        .string()
        .min(1, 'must be a regular expression of the names of metrics, for example jvm_.*')
        .refine(
          (text) => re2(text) !== undefined,
          'must be a regular expression that Prometheus takes (RE2: no looking around, no back references)',
        ),
    )
    .default([])
    .meta({
      description:
        'Metrics to store beside those, for dashboards of your own: regular expressions of whole names, such as `jvm_.*`. A classic histogram has three: `…_bucket`, `…_sum`, `…_count`.',
    }),
});
