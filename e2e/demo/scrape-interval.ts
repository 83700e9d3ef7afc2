import { eventually } from '../lib/eventually.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** A change of the config, which reaches Prometheus a minute later: other tests go on meanwhile. */
export function scrapeIntervalTests(stack: Stack) {
  const test = testWith(stack);
  const { prometheus } = stack;
  let before: Awaited<ReturnType<Stack['pod']>>;
  return {
    applied: () =>
      test('is applied', async () => {
        before = await stack.pod('prometheus-0');
        stack.scrapeInterval = 5;
        await stack.apply(stack.config());
      }),
    takenUp: () =>
      test('is taken up without a restart', async () => {
        await eventually(240, async () => {
          const { yaml } = await prometheus.get<{ yaml: string }>('status/config');
          expect(yaml).toContain(`scrape_interval: ${stack.scrapeInterval}s`);
          expect(await prometheus.value('prometheus_config_last_reload_successful')).toBe(1);
        });
        // Series of before the change last for five minutes unless the new scrapes have taken them over.
        const changed = Date.now();
        await eventually(60, async () => {
          const activeTargets = await prometheus.targets();
          for (const { labels, health, lastScrape } of activeTargets)
            expect({ labels, health, fresh: Date.parse(lastScrape) > changed }).toEqual({
              labels,
              health: 'up',
              fresh: true,
            });
        });
        const after = await stack.pod('prometheus-0');
        expect(after.metadata.uid).toBe(before.metadata.uid);
        expect(after.status.containerStatuses?.[0]?.restartCount).toBe(
          before.status.containerStatuses?.[0]?.restartCount,
        );
      }),
  };
}
