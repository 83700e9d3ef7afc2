import { askingOf } from '../../archive/collect/asking.ts';
import { axisOf, rangeOf } from '../../archive/collect/axis.ts';
import { endpointsOf, slicesIn } from '../../archive/collect/endpoints.ts';
import { figuresOf } from '../../archive/collect/figures.ts';
import { panelsOf } from '../../archive/collect/panels.ts';
import { HttpError } from '../../clients/http-error.ts';
import type { Series } from '../../clients/prometheus.ts';
import { targets as targetsOf } from '../../exporters/index.ts';
import { configOf, fullConfig } from '../config-fixture.ts';
import { prometheusOf, type Question, seriesOf } from './prometheus.ts';

/** What an archive takes from Prometheus: the points of its series, histograms by endpoint, panels as Grafana asks them. */

const start = 1_700_000_000;
const run = { testid: 'browse-1', start, end: start + 100, service: 'shop', scenario: 'browse' };
const targets = targetsOf(configOf(fullConfig));

function about(answer: (question: Question) => readonly Series[] | Error, of = run) {
  const { prometheus, asked } = prometheusOf(answer);
  return { asking: askingOf(prometheus, of, axisOf(of, 15), (query) => query), asked };
}

describe('the points', () => {
  test.each([0, 1, 59, 100, 1800, 5385, 5400, 100_000])('of a run of %i s are few, and all within it', (length) => {
    const axis = axisOf({ start, end: start + length }, 15);
    expect(axis.step).toBeGreaterThanOrEqual(15);
    expect(axis.count).toBeLessThanOrEqual(360);
    expect(axis.count).toBeGreaterThanOrEqual(1);
    const { end } = rangeOf(axis);
    expect(end).toBeLessThanOrEqual(start + length);
    expect(end + axis.step).toBeGreaterThan(start + length);
  });

  test.each([
    [1, 5, 2],
    [28, 5, 7],
    [100, 10, 11],
    [1800, 10, 181],
    [7200, 37, 195],
  ])('of latency: a run of %i s is cut into slices of %i s', (length, step, count) => {
    expect(slicesIn({ start, end: start + length })).toEqual({ start: start + step, step, count });
  });
});

describe('figures', () => {
  test('have a value for each point, and null where there is none', async () => {
    const { asking } = about(({ query, range }) => {
      if (!query.includes('k6_vus{')) return [];
      const at = (index: number) => (range?.start ?? 0) + 15 * index;
      return [
        {
          metric: {},
          values: [
            [at(1), '2'],
            [at(3), 'NaN'],
            [at(4), '0.123456789'],
            [at(5), '+Inf'],
            [at(6), '1700000000123'],
          ],
        },
      ];
    });
    expect(await figuresOf(targets, asking)).toEqual({
      vus: [{ labels: {}, values: [null, 2, null, null, 0.1234568, null, 1700000000123] }],
    });
    expect(asking.gaps).toEqual([expect.stringMatching(/^No data in the time of the run for these figures: .*p95/)]);
  });

  test('are of the run, on its points', async () => {
    const { asking, asked } = about((question) => [seriesOf({}, question)]);
    await figuresOf(targets, asking);
    expect(asked.map(({ query }) => query)).toContain('sum(k6_vus{testid="browse-1"})');
    for (const question of asked) {
      expect(question.query).not.toContain('$');
      expect(question).toMatchObject({ step: 15, range: { start, end: start + 90 } });
    }
    expect(asking.gaps).toEqual([]);
  });

  test('that Prometheus refuses are a gap, and a Prometheus that is gone is none', async () => {
    const tooMuch = new HttpError('refused', 'HTTP 422: query processing would load too many samples');
    const { asking } = about((question) => (question.query.includes('k6_vus') ? tooMuch : [seriesOf({}, question)]));
    const found = await figuresOf(targets, asking);
    expect(Object.keys(found)).toContain('p95');
    expect(asking.gaps).toContain(
      'Figure vus: Prometheus gives no answer: HTTP 422: query processing would load too many samples.',
    );
    const proxy = new HttpError('refused', 'HTTP 502: Bad Gateway');
    for (const gone of [new HttpError('network', 'connection refused: nothing listens there'), proxy])
      await expect(figuresOf(targets, about(() => gone).asking)).rejects.toBe(gone);
  });
});

/** As Prometheus' API gives them. */
const histogram = (count: string, ...buckets: [number, string, string, string][]) => ({ count, sum: '0.75', buckets });

describe('endpoints', () => {
  const odd = 'a "b" \\d $testid';
  const answer = ({ query, range }: Question): Series[] => {
    if (query.startsWith('sum by (name, method)')) {
      const all: [Series['metric'], string][] = query.includes('expected_response="false"')
        ? [[{ name: 'list', method: 'GET' }, '3']]
        : [
            [{ name: odd, method: 'POST' }, '5'],
            [{ name: 'list', method: 'GET' }, '40'],
          ];
      return all.map(([metric, value]) => ({ metric, value: [1, value] }));
    }
    const from = range?.start ?? 0;
    if (!query.includes('name="list"')) return [];
    return [
      {
        metric: {},
        histograms: [
          [from, histogram('3', [3, '-1e-128', '1e-128', '1'], [0, '0.1', '0.20000000001', '2'])],
          [from + 10, histogram('0')],
          [from + 20, histogram('1', [0, '0.1', '0.2', '0'], [0, '0.2', '0.4', '1'])],
        ],
      },
    ];
  };

  test('have their totals, and their response times in slices', async () => {
    const { asking } = about(answer);
    expect(await endpointsOf(asking)).toEqual([
      {
        ...{ name: 'list', method: 'GET', requests: 40, failed: 3 },
        latency: [
          {
            at: start + 10,
            count: 3,
            sum: 0.75,
            buckets: [
              [0, 1e-128, 1],
              [0.1, 0.2, 2],
            ],
          },
          { at: start + 30, count: 1, sum: 0.75, buckets: [[0.2, 0.4, 1]] },
        ],
      },
      { name: odd, method: 'POST', requests: 5, failed: 0, latency: [] },
    ]);
    expect(asking.gaps).toEqual([]);
  });

  test('are asked for by name, whatever is in it', async () => {
    const { asking, asked } = about(answer);
    await endpointsOf(asking);
    const ofOdd = asked.find(({ query }) => query.includes('name="a'));
    expect(ofOdd?.query).toContain('name="a \\"b\\" \\\\d \\x24testid",method="POST"}[120s] offset 10s))');
    expect(ofOdd).toMatchObject({ step: 10, range: { start: start + 10, end: start + 110 } });
  });

  test('of which nobody knows what failed are none', async () => {
    const tooMuch = new HttpError('refused', 'HTTP 422: too many samples');
    const { asking } = about((question) =>
      question.query.includes('expected_response="false"') ? tooMuch : answer(question),
    );
    expect(await endpointsOf(asking)).toEqual([]);
    expect(asking.gaps).toEqual(['Failures by endpoint: Prometheus gives no answer: HTTP 422: too many samples.']);
  });

  test('without native histograms have a gap', async () => {
    const { asking } = about((question) => (question.range ? [] : answer(question)));
    expect((await endpointsOf(asking)).map(({ latency }) => latency)).toEqual([[], []]);
    expect(asking.gaps).toEqual([expect.stringMatching(/^No distribution of response times: .*native histograms/)]);
  });

  test('of a Kafka bot are its topics', async () => {
    const { asking } = about(
      ({ query }) => [{ metric: { topic: 'orders' }, value: [1, query.startsWith('(') ? '2' : '20'] }],
      { ...run, scenario: 'kafka-bot' },
    );
    expect(await endpointsOf(asking)).toEqual([{ name: 'orders', requests: 20, failed: 20, latency: [] }]);
    expect(asking.gaps).toEqual([expect.stringMatching(/^No distribution of response times by topic/)]);
  });
});

describe('panels', () => {
  const titled = async (title: string, answer: (question: Question) => readonly Series[] | Error) => {
    const { asking, asked } = about(answer);
    const panels = await panelsOf(targets, 15, asking);
    return { panel: panels.find((panel) => panel.title === title), panels, asked, gaps: asking.gaps };
  };

  test('are those of the overview and of the bottlenecks, asked as Grafana does', async () => {
    const { panel, panels, asked } = await titled('CPU by service', (question) => [
      seriesOf({ service: 'a' }, question),
    ]);
    expect(panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Ranking of the resources',
        'Pressure by resource',
        'k6: error rate',
        'CPU of the limit',
      ]),
    );
    expect(panels.map(({ title }) => title)).not.toContain('Endpoints of the run');
    expect(panel).toMatchObject({ row: 'Containers', unit: 'short', boards: ['overview'] });
    expect(panel?.queries).toEqual([
      { legend: '{{service}}', instant: false, series: [{ labels: { service: 'a' }, values: [1, 1, 1, 1, 1, 1, 1] }] },
      expect.objectContaining({ legend: '{{service}} limit', dashed: true }),
    ]);
    const queries = asked.map(({ query }) => query);
    expect(queries).toContain(
      'sum by (service) (rate(container_cpu_usage_seconds_total{service=~".+",container!=""}[60s]))',
    );
    expect(queries).toContain('sum(k6_vus{testid=~"browse-1"})');
    expect(queries.filter((query) => /\$[a-z_{]/i.test(query))).toEqual([]);
  });

  test('of the whole run are asked once, when its last samples are there', async () => {
    const { panel, asked } = await titled('Requests of the run', (question) => [seriesOf({}, question, '40')]);
    expect(panel?.queries[0]).toMatchObject({ instant: true, series: [{ labels: {}, values: [40] }] });
    const question = asked.find(({ query }) => query.startsWith('sum(last_over_time(k6_http_reqs_total'));
    expect(question?.query).toContain('[117s]');
    expect(question?.time).toBe(start + 115);
  });

  test('of a heatmap keep their histograms', async () => {
    const { panel } = await titled('k6: response time', ({ query, range }) =>
      query.startsWith('sum(rate(k6_http_req_duration_seconds')
        ? [{ metric: {}, histograms: [[range?.start, histogram('2', [0, '0.1', '0.2', '2'])]] }]
        : [],
    );
    expect(panel?.queries[0]?.histograms).toEqual([{ at: start, count: 2, sum: 0.75, buckets: [[0.1, 0.2, 2]] }]);
  });

  test('without data are a gap by row, and one that is refused is a gap of its own', async () => {
    const { panels, gaps } = await titled('', (question) => {
      if (question.query.includes('container_')) return new HttpError('timeout', 'no answer within 10s');
      return question.query.includes('k6_vus') ? [seriesOf({}, question)] : [];
    });
    expect(panels.map(({ title }) => title)).toEqual(['k6: active virtual users']);
    expect(gaps).toContain('Panel "CPU by service": Prometheus gives no answer: no answer within 10s.');
    expect(gaps).toContainEqual(expect.stringMatching(/^No data in the time of the run for panels of Redis: /));
  });

  test('keep the largest of many series', async () => {
    const { panel, gaps } = await titled('CPU by service', (question) =>
      question.query.includes('container_cpu_usage')
        ? Array.from({ length: 60 }, (_, index) => seriesOf({ service: `s${index}` }, question, `${index}`))
        : [],
    );
    expect(panel?.queries[0]?.series.map(({ labels }) => labels.service)).toEqual(
      Array.from({ length: 50 }, (_, index) => `s${59 - index}`),
    );
    expect(gaps).toContain('Panel "CPU by service": of its 60 series, the 50 with the largest values are kept.');
  });
});
