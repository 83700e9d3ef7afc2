import { type DashboardJson, openedQueries } from '../../cli/lib/grafana-queries.ts';
import { demoServices, demoSystems } from '../../model/demo.ts';
import { loadName } from '../../runs/names.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl, kubectlJson, portForward } from '../lib/kubectl.ts';
import { launch } from '../lib/launch.ts';
import type { Series } from '../lib/prometheus.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';
import { passes } from './verdict.ts';

/** What the stack sees of the demo: at rest, under load, when its configuration changes, when a system stops. */
export function observed(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const shop = new Shop(stack.shop);

  // Bots are there as long as they run.
  const scraped = stack
    .targets()
    .filter(({ scrape }) => scrape && !scrape.comesAndGoes)
    .map(({ name }) => name)
    .sort();

  describe('scraped', () => {
    test('every target is up, and there is one for each target of the config', async () => {
      await eventually(90, async () => {
        const activeTargets = await prometheus.targets();
        expect(
          activeTargets.filter(({ health }) => health !== 'up').map(({ labels, lastError }) => ({ labels, lastError })),
        ).toEqual([]);
        expect([...new Set(activeTargets.map(({ labels }) => labels.job))].sort()).toEqual(scraped);
      });
    });

    test('an exporter names the database as the instance, and its system answers', async () => {
      for (const [job, instance] of [
        ['mysql', 'demo-mysql'],
        ['redis', 'demo-redis'],
        ['kafka', 'demo-kafka'],
      ] as const) {
        const health = stack.target(job).health ?? '';
        await eventually(120, async () => {
          expect(await prometheus.value(`up{job="${job}",instance="${instance}"}`)).toBe(1);
          expect(await prometheus.query(health)).toMatchObject([
            { metric: { instance }, value: [expect.any(Number), '1'] },
          ]);
        });
      }
      expect(await prometheus.value('kafka_brokers')).toBeGreaterThanOrEqual(1);
    });

    test('native histograms are stored as such, and retention is what the config says', async () => {
      // Prometheus exposes this one in both forms; the scrape takes the native one, which the config says to keep.
      await eventually(60, async () => {
        expect(
          await prometheus.value('histogram_count(sum(prometheus_http_request_duration_seconds{job="prometheus"}))'),
        ).toBeGreaterThan(0);
      });
      const { storageRetention } = await prometheus.get<{ storageRetention: string }>('status/runtimeinfo');
      expect(storageRetention).toBe('15d or 8GiB');
    });

    test('Alertmanager is connected', async () => {
      const { activeAlertmanagers } = await prometheus.get<{ activeAlertmanagers: { url: string }[] }>('alertmanagers');
      expect(activeAlertmanagers).toEqual([{ url: 'http://alertmanager:9093/api/v2/alerts' }]);
    });
  });

  describe('a load test of 30 s', () => {
    const baseline = `browse-${Date.now()}`;
    const run = `${baseline}-again`;
    let summary = '';

    beforeAll(async () => {
      // What the bot measures is there only while one runs, and a while after.
      const bot = `bot-${baseline}`;
      const rate = { set: { rate: '20', duration: '15s' } };
      await launch(stack.namespace, bot, 'shop-events', rate, 'bot-shop-events');
      if ((await stack.jobEnded(bot, 180)) !== 'Complete')
        throw new Error(`the run ${bot} failed:\n${await kubectl('-n', stack.namespace, 'logs', `job/${bot}`)}`);
      // Customers who order and search beside it, since a load test that only browses leaves Kafka idle.
      const customers = await shop.send({ mode: 'shop', customers: 2, seconds: 100 });
      for (const id of [baseline, run]) {
        await launch(stack.namespace, id);
        const ended = await stack.jobEnded(id, 180);
        summary = await kubectl('-n', stack.namespace, 'logs', `job/${loadName(id)}`, '--tail=-1');
        if (ended !== 'Complete') throw new Error(`the run ${id} failed:\n${summary}`);
      }
      await shop.back(customers, 180);
    });

    test('answers a p95 by endpoint from its native histogram, under the id of the run', async () => {
      const answer = await prometheus.query(
        `histogram_quantile(0.95, sum by (name) (last_over_time(k6_http_req_duration_seconds{testid="${run}",name!="wait"}[10m])))`,
      );
      expect(answer.map(({ metric }) => metric.name).sort()).toEqual(['product_detail', 'product_list']);
      for (const { value } of answer) {
        expect(Number(value?.[1])).toBeGreaterThan(0);
        expect(Number(value?.[1])).toBeLessThan(5);
      }
      expect(await prometheus.query(`{__name__=~"k6_http_req_duration_seconds_(bucket|sum|count)"}`)).toEqual([]);
    });

    test('is counted to the request, without a series for each product', async () => {
      const [, requests] = /browse: (\d+) requests/.exec(summary) ?? [];
      expect(Number(requests)).toBeGreaterThan(100);
      expect(await prometheus.value(`sum(last_over_time(k6_http_reqs_total{testid="${run}",scenario!=""}[10m]))`)).toBe(
        Number(requests),
      );
      expect(
        await prometheus.value(`count(last_over_time(k6_http_reqs_total{testid="${run}",name!="wait"}[10m]))`),
      ).toBe(2);
    });

    test('is of the same service as the metrics of the application, of its containers and of their limits', async () => {
      const services: readonly string[] = demoServices;
      // The data systems have containers, too.
      const workloads = [...services, ...Object.keys(demoSystems)];
      for (const [selector, known] of [
        [`last_over_time(k6_http_reqs_total{testid="${run}"}[10m])`, services],
        ['http_server_requests_seconds_count', services],
        ['container_memory_working_set_bytes{service!=""}', workloads],
        ['kube_pod_container_resource_limits{service!=""}', workloads],
      ] as const) {
        const found = (await prometheus.query(`count by (service) (${selector})`)).map(
          ({ metric }) => metric.service ?? '',
        );
        expect({ selector, found }).toEqual({ selector, found: expect.arrayContaining(['api-gateway']) });
        const others = found.filter((service) => !known.includes(service));
        expect({ selector, others }).toEqual({ selector, others: [] });
      }
      const pods = (query: string) =>
        prometheus.query(query).then((found) => found.map(({ metric }) => metric.pod).sort());
      expect(await pods('group by (pod) (container_memory_working_set_bytes{service="api-gateway"})')).toEqual(
        await pods('group by (pod) (up{job="service",service="api-gateway"})'),
      );
    });

    test('finds every declared metric that is read, with no label that is not declared', async () => {
      for (const { job, name, labels, sparse } of stack.storedSeries()) {
        const series = await prometheus.query(`last_over_time(${name}{job="${job}"}[10m])`);
        const seen = new Set(series.flatMap(({ metric }) => Object.keys(metric)));
        seen.delete('__name__');
        const undeclared = [...seen].filter((label) => !labels.includes(label));
        // The demo is a full example of a service; other targets leave out labels that have nothing to say.
        if (job === 'service') expect({ name, labels: [...labels].sort() }).toEqual({ name, labels: [...seen].sort() });
        // Of what has not happened there is no series.
        const found = series.length > 0 || sparse;
        expect({ job, name, found, undeclared }).toEqual({ job, name, found: true, undeclared: [] });
      }
    });

    test('stores at most 35 % of the series that are scraped', async () => {
      const byJob = async (metric: string) =>
        (await prometheus.query(`sort(sum by (job) (${metric}))`))
          .map(({ metric: { job = '' }, value }) => ({ job, series: Number(value?.[1]) }))
          .filter(({ job }) => scraped.includes(job));
      const sum = (jobs: readonly { series: number }[]) => jobs.reduce((all, { series }) => all + series, 0);
      const offered = await byJob('scrape_samples_scraped');
      const kept = await byJob('scrape_samples_post_metric_relabeling');
      const share = sum(kept) / sum(offered);
      const rows = offered.map(({ job, series }) => {
        const stored = kept.find((one) => one.job === job)?.series ?? Number.NaN;
        return `${job}: ${series} scraped, ${stored} kept`;
      });
      console.log(`${rows.join('\n')}\nall: ${sum(offered)} scraped, ${sum(kept)} kept, ${(100 * share).toFixed(1)} %`);
      expect(offered.map(({ job }) => job).sort()).toEqual(scraped);
      expect(share).toBeLessThanOrEqual(0.35);
    });

    test('fills every query of every panel of every dashboard', async () => {
      const { items } = await kubectlJson<{ items: { data: Record<string, string> }[] }>(
        '-n',
        stack.namespace,
        'get',
        'configmaps',
        '-l',
        'grafana_dashboard=1',
      );
      const dashboards = items.flatMap(({ data }) =>
        Object.values(data).map((json) => JSON.parse(json) as DashboardJson),
      );
      expect(dashboards.map(({ title }) => title)).toEqual(
        expect.arrayContaining(['Load test overview', 'Bottleneck detection', 'Services']),
      );
      const opening = { scrapeInterval: stack.scrapeInterval, range: 600, choices: { baseline } };
      const panels = new Set<string>();
      const empty: string[] = [];
      let asked = 0;
      for (const dashboard of dashboards)
        for (const { kind, name, refId, written, question } of openedQueries(dashboard, opening)) {
          if (kind !== 'panel') continue;
          if (!question || question.type === 'labels')
            throw new Error(`${name} ${refId}: nothing is asked by ${written}`);
          panels.add(`${dashboard.title}, ${name}`);
          asked++;
          const { expr } = question;
          const answer =
            question.type === 'range' ? await prometheus.range(expr, 10, question.step) : await prometheus.query(expr);
          if (!answer.some(hasSample))
            empty.push(
              `${dashboard.title}, ${name} ${refId}: ${expr}\nanswered ${JSON.stringify(answer).slice(0, 300)}`,
            );
        }
      console.log(`${dashboards.length} dashboards, ${panels.size} panels, ${asked} queries, ${empty.length} empty`);
      expect(empty).toEqual([]);
    });

    test('passes by the verdict', () => passes(stack, run));

    const finite = (sample: readonly [number, string] | undefined) =>
      sample !== undefined && Number.isFinite(Number(sample[1]));
    const hasSample = ({ value, values = [], histograms = [] }: Series) =>
      histograms.length > 0 || finite(value) || values.some(finite);
  });

  describe('a data system stops', () => {
    const systems = [
      { job: 'mysql', workload: 'statefulset/mysql', exporter: 'mysqld-exporter-demo-mysql' },
      { job: 'redis', workload: 'deployment/redis', exporter: 'redis-exporter-demo-redis' },
      { job: 'kafka', workload: 'statefulset/kafka', exporter: 'kafka-exporter-demo-kafka' },
    ];

    test('and is seen as down while its exporter stays up, and as up when it is back', async () => {
      const health = (job: string) => prometheus.value(stack.target(job).health ?? '');
      const restarts = async (exporter: string) =>
        (await stack.podsOf(exporter)).map(({ status }) =>
          status.containerStatuses?.map(({ ready, restartCount }) => ({ ready, restartCount })),
        );

      const before = await Promise.all(systems.map(({ exporter }) => restarts(exporter)));
      for (const { workload } of systems) await kubectl('-n', stack.shop, 'scale', workload, '--replicas=0');
      for (const { job } of systems)
        await eventually(120, async () => expect({ job, health: await health(job) }).toEqual({ job, health: 0 }));
      expect(await prometheus.value('mysql_up')).toBe(0);
      expect(await prometheus.value('redis_up')).toBe(0);
      await eventually(60, async () => expect(await prometheus.query('kafka_brokers > 0')).toEqual([]));
      // Kafka's exporter is at work on its brokers for longer than a scrape may take, so its `up` may be 0; its pod is well.
      expect(await prometheus.value('up{job="mysql"}')).toBe(1);
      expect(await prometheus.value('up{job="redis"}')).toBe(1);
      expect(await Promise.all(systems.map(({ exporter }) => restarts(exporter)))).toEqual(before);

      const alertmanager = await portForward(stack.namespace, 'pod/alertmanager-0', 9093);
      try {
        await eventually(180, async () => {
          const alerts = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as {
            labels: Record<string, string>;
          }[];
          expect(alerts.map(({ labels }) => `${labels.alertname} ${labels.instance}`)).toEqual(
            expect.arrayContaining(['MysqlDown demo-mysql', 'RedisDown demo-redis', 'KafkaDown demo-kafka']),
          );
        });
      } finally {
        alertmanager.close();
      }

      for (const { workload } of systems) await kubectl('-n', stack.shop, 'scale', workload, '--replicas=1');
      await stack.ready(stack.shop, 240);
      for (const { job } of systems)
        await eventually(240, async () => expect({ job, health: await health(job) }).toEqual({ job, health: 1 }));
      await eventually(60, async () =>
        expect(await prometheus.query('ALERTS{alertstate="firing",alertname=~"(Mysql|Redis|Kafka)Down"}')).toEqual([]),
      );
    });
  });
}
