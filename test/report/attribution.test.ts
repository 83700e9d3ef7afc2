import type { RunArchive } from '../../archive/archive.ts';
import { attribute } from '../../report/attribution/index.ts';
import { pressureOf, series, stageOf, step, withFigures } from './archive-fixture.ts';
import { changed, keysOf, named } from './attributed.ts';
import { runs } from './attribution-faults.ts';

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
