import type { TracesDocument } from '../../cli/traces/document.ts';
import { type Elasticsearch, ElasticsearchError } from '../../clients/elasticsearch.ts';
import { demoPorts, demoServices } from '../../model/demo.ts';
import { traceIdPrefix } from '../../runs/traces.ts';
import { loadscope } from '../lib/command.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl, portForward } from '../lib/kubectl.ts';
import { launch } from '../lib/launch.ts';
import { Shop } from '../lib/shop.ts';
import { spanStorage } from '../lib/span-storage.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Traces of the demo from the load generator to the storage, and what becomes of them there. */
export function tracingTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const shop = new Shop(stack.shop);
  const inStack = (...args: string[]) => kubectl('-n', stack.namespace, ...args);

  /** Does something with the storage of spans at hand. */
  const inStorage = async <Found>(
    look: (elasticsearch: Elasticsearch, asStranger: Elasticsearch) => Promise<Found>,
  ): Promise<Found> => {
    const storage = await spanStorage(stack.namespace);
    try {
      return await look(storage.elasticsearch, storage.asStranger);
    } finally {
      await storage.close();
    }
  };
  const spansStored = async (elasticsearch: Elasticsearch) => {
    await elasticsearch.send('POST', 'zipkin-span-*/_refresh');
    return (await elasticsearch.send<{ count: number }>('GET', 'zipkin-span-*/_count')).count;
  };
  const zipkin = async <Found>(path: string): Promise<Found> => {
    const forward = await portForward(stack.namespace, 'deployment/zipkin', 9411);
    try {
      const response = await fetch(`${forward.url}${path}`);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Found;
    } finally {
      forward.close();
    }
  };
  /** Spans that a service of the shop counted as not sent. */
  const unsentBy = async (service: string): Promise<number> => {
    const forward = await portForward(stack.shop, `deployment/${service}`, demoPorts.management);
    try {
      const metrics = await (await fetch(`${forward.url}/actuator/prometheus`)).text();
      return Number(/^zipkin_reporter_spans_dropped_total\S* (\S+)$/m.exec(metrics)?.[1]);
    } finally {
      forward.close();
    }
  };
  /** Runs what a CronJob would, now. */
  const runNow = async (cronJob: string): Promise<string> => {
    const name = `${cronJob}-${Date.now().toString(36)}`;
    await inStack('create', 'job', name, `--from=cronjob/${cronJob}`);
    const ended = await stack.jobEnded(name, 120);
    const log = await inStack('logs', `job/${name}`);
    if (ended !== 'Complete') throw new Error(`${name} failed:\n${log}`);
    return log;
  };

  test('the slowest of a run are listed, and the span that a fault made slow is named', async () => {
    const run = `traced-${Date.now().toString(36)}`;
    await shop.fault({ on: 'slow-downstream', parameters: { delayMs: 700 } });
    try {
      await launch(stack.namespace, run, 'demo-search-load', { set: { duration: '20s' } }, 'k6-demo-search-load');
      await stack.jobEnded(run, 180);
    } finally {
      await shop.fault('off');
    }
    const traces = (...more: string[]) =>
      loadscope('traces', '--testid', run, '--slowest', '5', '--namespace', stack.namespace, ...more);
    const { traces: listed, summary } = await eventually(60, async () => {
      const { status, stdout, output } = await traces('--output', 'json');
      if (status !== 0) throw new Error(output);
      return JSON.parse(stdout) as TracesDocument;
    });
    expect(listed.length).toBeGreaterThan(2);
    for (const { duration, traceId } of listed) {
      expect(duration).toBeGreaterThan(0.7);
      expect(traceId.slice(0, 16)).toBe(traceIdPrefix(run));
    }
    expect(summary[0]).toMatchObject({ service: 'search-service', span: 'get /api/v1/products/search' });
    expect(summary[0]?.share).toBeGreaterThan(0.8);
    const { output } = await traces();
    console.log(output);
  });

  test('a storage that restarts under load keeps what was stored, and what is dropped meanwhile is counted', async () => {
    const customers = await shop.send({ mode: 'shop', customers: 2, seconds: 75 });
    const received = () => prometheus.value('sum(max_over_time(zipkin_collector_spans_total[15m]))');
    const dropped = () => prometheus.value('sum(max_over_time(zipkin_collector_spans_dropped_total[15m]))');
    const before = await inStorage(spansStored);
    const [receivedBefore, droppedBefore] = [await received(), await dropped()];
    await inStack('delete', 'pod', 'elasticsearch-0', '--grace-period=1', '--timeout=60s');
    await stack.ready(stack.namespace, 240);
    const after = await eventually(60, () => inStorage(spansStored));
    expect(after).toBeGreaterThanOrEqual(before);
    await eventually(90, async () => expect(await inStorage(spansStored)).toBeGreaterThan(after));
    await shop.back(customers, 180);
    const facts = {
      stored: (await inStorage(spansStored)) - before,
      received: (await received()) - receivedBefore,
      dropped: (await dropped()) - droppedBefore,
    };
    console.log(`restart of the storage: ${JSON.stringify(facts)}`);
    // Zipkin waits for it with what it can, so that a restart may cost nothing. What was received is in the storage or was
    // counted as dropped; a scrape is between the two counts.
    expect(Math.abs((facts.stored + facts.dropped) / facts.received - 1)).toBeLessThan(0.05);
  });

  test('Zipkin that restarts under load keeps what was stored, and services count what they could not send', async () => {
    const customers = await shop.send({ mode: 'shop', customers: 2, seconds: 75 });
    const before = await inStorage(spansStored);
    await eventually(60, async () => expect(await inStorage(spansStored)).toBeGreaterThan(before));
    const stored = await inStorage(spansStored);
    await inStack('delete', 'pod', '-l', 'app.kubernetes.io/name=zipkin', '--timeout=60s');
    await stack.ready(stack.namespace, 240);
    const after = await inStorage(spansStored);
    expect(after).toBeGreaterThanOrEqual(stored);
    await eventually(60, async () => expect(await inStorage(spansStored)).toBeGreaterThan(after));
    const unsent = await Promise.all(demoServices.map((service) => unsentBy(service)));
    console.log(`restart of Zipkin: services could not send ${unsent.join(', ')} spans`);
    expect(unsent.every(Number.isFinite)).toBe(true);
    await shop.back(customers, 120);
  });

  test('their storage wants a password, and each day has an index of one shard and no replica', () =>
    inStorage(async (elasticsearch, asStranger) => {
      const settings = await elasticsearch.send<
        Record<string, { settings: { index: { number_of_shards: string; number_of_replicas: string } } }>
      >('GET', 'zipkin-span-*/_settings');
      expect(Object.keys(settings).length).toBeGreaterThan(0);
      for (const { settings: of } of Object.values(settings))
        expect(of.index).toMatchObject({ number_of_shards: '1', number_of_replicas: '0' });
      expect(await spansStored(elasticsearch)).toBeGreaterThan(100);

      await expect(asStranger.send('GET', '_cluster/health')).resolves.toMatchObject({ status: 'green' });
      for (const path of ['zipkin-span-*/_search', '_cat/indices?format=json'])
        await expect(asStranger.send('GET', path)).rejects.toMatchObject({ status: 401 });
    }));

  test('the graph of who calls whom is drawn from the spans of the day', async () => {
    const log = await runNow('trace-links');
    const links = await zipkin<{ parent: string; child: string; callCount: number }[]>(
      `/api/v2/dependencies?endTs=${Date.now()}&lookback=86400000`,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${log}`);
    });
    const found = links.map(({ parent, child }) => `${parent} ${child}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'api-gateway shopping-service',
        'api-gateway search-service',
        'api-gateway blog-service',
      ]),
    );
    expect(links.every(({ callCount }) => callCount > 0)).toBe(true);
  });

  test('of sixty days of indices exactly those go that are over, and nothing of anybody else', () =>
    inStorage(async (elasticsearch) => {
      const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
      const made = [
        ...Array.from({ length: 60 }, (_, ago) => `zipkin-span-${day(ago + 1)}`),
        `zipkin-dependency-${day(30)}`,
        `zipkin-autocomplete-${day(30)}`,
        // Of the future, by a clock that is wrong.
        `zipkin-span-${day(-400)}`,
        // Names that only look like it.
        `zipkin-span-${day(30)}-copy`,
        'zipkin-span-2026-02-30',
        'zipkin-notes',
      ];
      const names = async () =>
        (await elasticsearch.send<{ index: string }[]>('GET', '_cat/indices/zipkin*?format=json&h=index')).map(
          ({ index }) => index,
        );
      const before = await names();
      for (const name of made)
        if (!before.includes(name)) await elasticsearch.send('PUT', name, { settings: { number_of_replicas: 0 } });
      const all = await names();
      try {
        const log = await runNow('trace-retention');
        const over = made.filter(
          (name) => /^zipkin-(span|dependency|autocomplete)-2\d{3}-\d\d-\d\d$/.test(name) && name.slice(-10) <= day(7),
        );
        const expected = all.filter((name) => !over.includes(name) || name === 'zipkin-span-2026-02-30').sort();
        expect({ log, left: (await names()).sort() }).toEqual({ log, left: expected });
        // 60 days, of which yesterday and five more are kept, and the two others of a month ago.
        expect(all.length - expected.length).toBe(60 - 6 + 2);
      } finally {
        for (const name of made)
          if (!before.includes(name))
            await elasticsearch.send('DELETE', name).catch((error: unknown) => {
              if (!(error instanceof ElasticsearchError) || error.status !== 404) throw error;
            });
      }
    }));
}
