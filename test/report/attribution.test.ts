import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import { type FaultName, faults } from '../../demo/faults.ts';
import { attribute } from '../../report/attribution/index.ts';
import { archiveWith, pressureOf, series, stageOf, step, withFigures } from './archive-fixture.ts';
import { runs } from './attribution-faults.ts';

const named = ({ outcome, candidates: [first] }: ReturnType<typeof attribute>) =>
  outcome === 'named' ? `${first?.resource} of ${first?.of}` : outcome;
const keysOf = ({ evidence }: ReturnType<typeof attribute>) => evidence.map(({ key }) => key);

/** A run with other figures than it has, by name and labels. */
const changed = (run: RunArchive, figures: Parameters<typeof withFigures>[0]): RunArchive => {
  const key = (labels: object) => JSON.stringify(Object.entries(labels).sort());
  const merged = Object.entries(figures).map(([name, given]) => {
    const replaced = new Set(given.map(({ labels }) => key(labels)));
    return [name, [...(run.figures[name] ?? []).filter(({ labels }) => !replaced.has(key(labels))), ...given]];
  });
  return { ...run, figures: { ...run.figures, ...Object.fromEntries(merged) } };
};

describe('names what was injected into the demo', () => {
  const injected = faults.map(({ name, bottleneck: { resource, of } }) => [name, `${resource} of ${of}`] as const);

  test.each(injected)('%s: %s', (name, bottleneck) => {
    const found = attribute(runs[name as FaultName]());
    expect(named(found)).toBe(bottleneck);
    expect(found.confidence).toBe('high');
  });

  test.each(injected)('%s in a run of three minutes: %s', (name, bottleneck) => {
    const run = runs[name as FaultName]();
    const axis = { ...run.axis, step: 5 };
    expect(named(attribute({ ...run, axis }))).toBe(bottleneck);
  });

  test.each(injected)('%s where every fourth scrape failed: %s', (name, bottleneck) => {
    const run = runs[name as FaultName]();
    const figures = Object.fromEntries(
      Object.entries(run.figures).map(([figure, all]) => [
        figure,
        all.map(({ labels, values }) => ({ labels, values: values.map((value, index) => (index % 4 ? value : null)) })),
      ]),
    );
    expect(named(attribute({ ...run, figures }))).toBe(bottleneck);
  });

  // Their requests are among those that services served, and not among those of the run.
  test.each(injected)('%s where others were in the shop until just before: %s', (name, bottleneck) => {
    const run = runs[name as FaultName]();
    const withOthers = (all: readonly ArchivedSeries[] = []) =>
      all.map(({ labels, values }) => ({
        labels,
        values: values.map((value, index) => (value !== null && index < 18 ? 30 * value : value)),
      }));
    const { served, call_rate } = run.figures;
    const figures = { ...run.figures, served: withOthers(served), call_rate: withOthers(call_rate) };
    expect(named(attribute({ ...run, figures }))).toBe(bottleneck);
  });
});

describe('tells by what one can see it', () => {
  test('since when, by what sign, what followed', () => {
    const run = runs['row-lock']();
    const { degradation, candidates, followed, growth } = attribute(run);
    expect(degradation).toMatchObject({
      began: run.axis.start + 20 * run.axis.step,
      baseline: { method: 'before', from: run.axis.start },
      signs: [{ key: 'latency', before: 0.04, worst: expect.closeTo(0.64) }],
    });
    expect(candidates[0]).toMatchObject({ stage: 'database', depth: 9, lead: 0, peak: 6, share: expect.closeTo(1, 1) });
    expect(candidates[1]).toMatchObject({ resource: 'hikari-pool', explainedBy: 'mysql-row-locks of demo-mysql' });
    expect(followed).toEqual([expect.objectContaining({ resource: 'hikari-pool', of: 'shopping-service', after: 45 })]);
    expect(growth.map(({ stage }) => stage)).toEqual(['database', 'pool-wait']);
  });

  test('what is only a consequence', () => {
    const consequences = (run: RunArchive) =>
      attribute(run).candidates.map(({ resource, of, explainedBy }) => [`${resource} of ${of}`, explainedBy]);
    const cpu = 'cpu of shopping-service';
    const [first, ...others] = consequences(runs['cpu-limit']());
    expect(first).toEqual([cpu, undefined]);
    expect(others.sort()).toEqual([
      ['event-loop of shopping-service', cpu],
      ['jvm-heap of shopping-service', cpu],
      ['node-cpu of node-1', cpu],
    ]);
    expect(consequences(runs['event-loop-stalls']())).toContainEqual([
      'mysql-row-locks of demo-mysql',
      'event-loop of shopping-service',
    ]);
  });

  test('what stands in front of a process that stands still', () => {
    expect(attribute(runs['event-loop-stalls']()).growth).toContainEqual(
      expect.objectContaining({ service: 'shopping-service', stage: 'queue' }),
    );
  });

  test('a backlog by its size, and that requests did not take longer', () => {
    expect(attribute(runs['slow-consumer']()).degradation?.signs).toContainEqual(
      expect.objectContaining({ key: 'lag', of: 'notification', worst: 843 }),
    );
    expect(attribute(runs['error-burst']()).growth).toEqual([]);
  });

  test('when throughput stops growing while there are more users', () => {
    const run = changed(runs['connection-pool'](), {
      vus: [series({}, (index) => 10 + index)],
      requests: [series({}, (index) => Math.min(10 + index, 25) * 4)],
    });
    const { degradation } = attribute(run);
    expect(degradation?.signs.map(({ key }) => key)).toContain('throughput');
  });

  test('what there was before an error budget was left', () => {
    const run = runs['error-burst']();
    const verdict = run.verdict && {
      ...run.verdict,
      budgets: run.verdict.budgets.map((budget) => ({ ...budget, state: 'broken' as const })),
    };
    const { degradation } = attribute({ ...run, verdict });
    expect(degradation?.signs).toContainEqual(
      expect.objectContaining({ key: 'budget', of: 'error_ratio', before: 0.01, worst: 0.24 }),
    );
    expect(degradation?.signs).not.toContainEqual(expect.objectContaining({ of: 'p95' }));
  });
});

describe('is less sure', () => {
  const slowPool = runs['connection-pool'];

  test('of a run that was so from its start', () => {
    const run = slowPool();
    const last = (values: readonly (number | null)[]) => values.map(() => values.at(-1) ?? null);
    const figures = Object.fromEntries(
      Object.entries(run.figures).map(([name, all]) => [
        name,
        all.map(({ labels, values }) => ({ labels, values: last(values) })),
      ]),
    );
    const verdict = run.verdict && {
      ...run.verdict,
      budgets: run.verdict.budgets.map((budget) => ({ ...budget, state: 'broken' as const, bound: 0.5 })),
    };
    // Nothing grew, and no budget is left: there is nothing to look for.
    expect(attribute({ ...run, figures }).outcome).toBe('none');
    const found = attribute({ ...run, figures, verdict });
    expect(named(found)).toBe('hikari-pool of shopping-service');
    expect(found).toMatchObject({ confidence: 'medium', degradation: { baseline: { method: 'none' } } });
    expect(keysOf(found)).toContain('no-baseline');
  });

  test('of a cause that came long after', () => {
    const late = pressureOf('hikari-pool', 'saturation', 'service', 'shopping-service', step(0, 30, 32));
    const found = attribute(
      changed(slowPool(), {
        pressure: [late, pressureOf('hikari-pool', 'utilization', 'service', 'shopping-service', 0.1)],
      }),
    );
    expect(found.confidence).toBe('medium');
    expect(keysOf(found)).toEqual(expect.arrayContaining(['late', 'held-briefly']));
  });

  test('of one of two that stand beside each other', () => {
    const found = attribute(
      changed(slowPool(), {
        pressure: [pressureOf('hikari-pool', 'saturation', 'service', 'api-gateway', step(0, 30))],
        stage: [
          stageOf('api-gateway', 'pool-wait', step(0.0002, 0.2)),
          stageOf('api-gateway', 'total', step(0.016, 0.456)),
        ],
      }),
    );
    expect(named(found)).toBe('hikari-pool of shopping-service');
    expect(found.evidence).toContainEqual({ key: 'rival', values: { resource: 'hikari-pool', of: 'api-gateway' } });
    expect(found.confidence).toBe('medium');
  });

  test('of what is only near its knee', () => {
    const near = (pressure: number) =>
      attribute(
        changed(runs['cache-off'](), {
          pressure: [pressureOf('cpu', 'utilization', 'service', 'mysql', step(0.25, pressure))],
        }),
      );
    expect(named(near(0.8))).toBe('cpu of demo-mysql');
    expect(near(0.8).confidence).toBe('low');
    expect(near(0.5).outcome).toBe('undetermined');
  });
});

describe('names nothing', () => {
  test('of a healthy run', () => {
    expect(attribute(archiveWith())).toEqual({
      outcome: 'none',
      start: 1_760_000_000,
      confidence: null,
      degradation: null,
      candidates: [],
      followed: [],
      growth: [],
      evidence: [],
    });
  });

  test.each(Array.from({ length: 20 }, (_, seed) => [seed]))('of a healthy run that wavers, %i', (seed) => {
    let state = seed + 1;
    const waver = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return 0.75 + state / 4_294_967_296 / 2;
    };
    const healthy = archiveWith();
    const figures = Object.fromEntries(
      Object.entries(healthy.figures).map(([name, all]) => [
        name,
        all.map(({ labels, values }) => ({
          labels,
          values: values.map((value) =>
            value === null || name === 'restarts' || name === 'vus' ? value : value * waver(),
          ),
        })),
      ]),
    );
    expect(attribute({ ...healthy, figures }).outcome).toBe('none');
  });

  test('of a run that only left budgets that are no sign of it, and says which', () => {
    const { verdict } = archiveWith();
    const [budget] = verdict?.budgets ?? [];
    const low = budget && {
      ...{ ...budget, budget: 'throughput', indicator: 'throughput' as const, good: 'above' as const },
      ...{ severity: 'warning' as const, bound: 100, value: 4, state: 'broken' as const },
    };
    const found = attribute(archiveWith({ verdict: verdict && { ...verdict, budgets: low ? [low, low] : [] } }));
    expect(found).toMatchObject({
      outcome: 'none',
      evidence: [{ key: 'budgets-left', values: { budgets: 'throughput by k6' } }],
    });
  });

  test('of a run in which a pod was replaced that had been started anew before', () => {
    const replaced = (...values: readonly number[]) =>
      attribute(
        withFigures({
          restarts: [series({ service: 'shopping-service' }, (index) => values[Math.floor(index / 8)] ?? 0)],
        }),
      );
    expect(replaced(3, 3, 3, 0, 0, 0).outcome).toBe('none');
    expect(replaced(3, 3, 0, 1, 1, 1).degradation?.signs).toEqual([
      expect.objectContaining({ key: 'restarts', at: 1_760_000_000 + 24 * 15, before: 0, worst: 1 }),
    ]);
  });

  test('of a run by the clock to which slow answers added users', () => {
    const more = { vus: [series({}, (index) => 10 + 5 * index)] };
    const { run } = archiveWith();
    expect(attribute(withFigures(more)).outcome).not.toBe('none');
    expect(attribute(withFigures(more, { run: { ...run, rate: 100 } })).outcome).toBe('none');
  });

  test('of a run that was slow only until it was warm', () => {
    const warm = (values: number) => series({}, step(values * 8, values, 6));
    expect(attribute(withFigures({ p95: [warm(0.04)], client_mean: [warm(0.02)] })).outcome).toBe('none');
  });

  test('where it got worse, and nothing tells why', () => {
    const found = attribute(withFigures({ p95: [series({}, step(0.04, 0.4))], client_mean: [series({}, 0.02)] }));
    expect(found.outcome).toBe('undetermined');
    expect(keysOf(found)).toEqual(['no-candidate']);
  });

  test('where it got worse, and nothing else is measured', () => {
    const { p95, vus, requests } = runs['connection-pool']().figures;
    const found = attribute(archiveWith({ figures: { p95, vus, requests } as RunArchive['figures'] }));
    expect(found.outcome).toBe('undetermined');
    expect(keysOf(found)).toEqual(['not-measured']);
  });

  test('where nobody measures what resources at their knee explain', () => {
    const run = changed(runs['connection-pool'](), {
      pressure: [pressureOf('cpu', 'utilization', 'service', 'mysql', step(0.25, 1.2))],
    });
    const found = attribute({ ...run, figures: { ...run.figures, stage: [] } });
    expect(found.outcome).toBe('undetermined');
    expect(found.candidates.map(({ share }) => share)).toEqual([null, null]);
    expect(keysOf(found)).not.toContain('explains-little');
    expect(keysOf(found)).not.toContain('rival');
  });

  test('where what is at its knee was there all along', () => {
    const found = attribute(
      withFigures({
        p95: [series({}, step(0.04, 0.4))],
        client_mean: [series({}, step(0.02, 0.2))],
        pressure: [pressureOf('node-cpu', 'utilization', 'instance', 'node-1', 1.1)],
      }),
    );
    expect(found.outcome).toBe('undetermined');
  });

  test('but the service where its CPU was as busy all along', () => {
    const busy = pressureOf('cpu', 'utilization', 'service', 'search-service', 1.1);
    expect(named(attribute(changed(runs['slow-downstream'](), { pressure: [busy] })))).toBe(
      'downstream of search-service',
    );
  });

  test('but the database where the CPU of a service that waits for it is short, too', () => {
    const busy = pressureOf('cpu', 'utilization', 'service', 'shopping-service', step(0.3, 1.1));
    expect(named(attribute(changed(runs['missing-index'](), { pressure: [busy] })))).toBe('cpu of demo-mysql');
  });

  test('where users wait in front of the first service, and nobody knows for what', () => {
    const found = attribute(
      withFigures({
        p95: [series({}, step(0.04, 0.4))],
        client_mean: [series({}, step(0.02, 0.2))],
        stage: [stageOf('api-gateway', 'queue', step(0.004, 0.184))],
      }),
    );
    expect(found.outcome).toBe('undetermined');
    expect(found.growth).toEqual([expect.objectContaining({ service: 'api-gateway', stage: 'queue' })]);
  });

  test('where a group was as far behind all along', () => {
    const behind = pressureOf('kafka-consumer', 'saturation', 'instance', 'demo-kafka', 3);
    expect(attribute(withFigures({ pressure: [behind] })).outcome).toBe('none');
  });

  test('where what is at its knee explains little', () => {
    const found = attribute(
      withFigures({
        p95: [series({}, step(0.04, 0.4))],
        client_mean: [series({}, step(0.02, 0.2))],
        stage: [stageOf('shopping-service', 'pool-wait', step(0.0002, 0.05))],
        pressure: [pressureOf('hikari-pool', 'saturation', 'service', 'shopping-service', step(0, 5))],
      }),
    );
    expect(found).toMatchObject({ outcome: 'undetermined', candidates: [{ resource: 'hikari-pool' }] });
  });

  test('where what is at its knee is not what requests wait for', () => {
    const found = attribute(
      changed(runs['slow-downstream'](), {
        pressure: [pressureOf('mysql-connections', 'utilization', 'instance', 'demo-mysql', step(0.2, 1.2))],
      }),
    );
    expect(named(found)).toBe('downstream of search-service');
  });

  test('where a process was started anew with room to spare', () => {
    const found = attribute(withFigures({ restarts: [series({ service: 'shopping-service' }, step(2, 3))] }));
    expect(found).toMatchObject({ outcome: 'undetermined', degradation: { signs: [{ key: 'restarts' }] } });
  });

  test('of an archive without figures', () => {
    const found = attribute(archiveWith({ figures: {} }));
    expect(found.outcome).toBe('undetermined');
    expect(keysOf(found)).toEqual(['no-data']);
  });
});

describe('leaves the services alone', () => {
  const generator = (from: number) => pressureOf('load-generator', 'errors', 'testid', 'run-1', step(0, 5, from));

  test('where the verdict is that the run is invalid', () => {
    const run = runs['row-lock']();
    const verdict = run.verdict && { ...run.verdict, verdict: 'invalid' as const, reasons: ['a runner was stopped'] };
    const found = attribute({ ...run, verdict });
    expect(found).toMatchObject({ outcome: 'invalid', confidence: null });
    expect(found.evidence[0]).toEqual({ key: 'verdict-invalid', values: { reason: 'a runner was stopped' } });
  });

  test('where the generator was at its limit first, not where it only followed', () => {
    const first = attribute(changed(runs['row-lock'](), { pressure: [generator(10)] }));
    expect(first.outcome).toBe('invalid');
    expect(keysOf(first)[0]).toBe('generator-saturated');
    expect(attribute(withFigures({ pressure: [generator(10)] })).outcome).toBe('invalid');
    expect(named(attribute(changed(runs['row-lock'](), { pressure: [generator(26)] })))).toBe(
      'mysql-row-locks of demo-mysql',
    );
    expect(attribute(changed(runs['row-lock'](), { pressure: [generator(26)] })).followed).not.toContainEqual(
      expect.objectContaining({ resource: 'load-generator' }),
    );
  });

  test('of other runs a generator says nothing', () => {
    const other = pressureOf('load-generator', 'errors', 'testid', 'run-2', step(0, 5, 10));
    expect(attribute(withFigures({ pressure: [other] })).outcome).toBe('none');
  });
});

test('what clients measure of Kafka is of no cluster where there are two', () => {
  const run = runs['throttled-broker']();
  const other = { instance: 'other', kind: 'kafka' as const };
  expect(named(attribute({ ...run, systems: [...run.systems, other] }))).toBe('kafka-broker of shopping-service');
});
