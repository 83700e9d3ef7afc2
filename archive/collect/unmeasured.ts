import type { Config } from '../../model/config.ts';
import { seconds } from '../../model/duration.ts';
import type { Target } from '../../model/target.ts';
import { eventQueries } from '../../rules/events.ts';
import type { Asking } from './asking.ts';

/** What Prometheus did not see of a run, as far as it can be told. */

/**
 * @param now Unix time, in seconds
 * @param back seconds that were looked back for the run
 */
export async function unmeasured(
  { retention }: Pick<Config, 'retention'>,
  targets: readonly Target[],
  { now, back }: { readonly now: number; readonly back: number },
  asking: Asking,
): Promise<string[]> {
  const { start } = asking.run;
  const seen = await asking.whole('Targets that were down', eventQueries.down);
  const down = seen.map(({ metric: { job, instance } }) => `${job} ${instance}`);
  const kept = seconds(retention.time) ?? Number.POSITIVE_INFINITY;
  return [
    ...(down.length ? [`Could not be scraped for a part of the run: ${down.sort().join(', ')}.`] : []),
    ...(start <= now - back + asking.axis.step
      ? ['The run may have begun earlier than it was looked back for: give a longer --range.']
      : []),
    ...(now - start > kept
      ? [`The run began longer ago than Prometheus keeps samples (${retention.time}): those of its beginning are gone.`]
      : []),
    ...(targets.some(({ name }) => name === 'service') ? [] : ['No service is monitored: the config names none.']),
  ];
}
