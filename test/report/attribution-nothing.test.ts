import type { RunArchive } from '../../archive/archive.ts';
import { attribute } from '../../report/attribution/index.ts';
import { archiveWith, pressureOf, series, stageOf, step, withFigures } from './archive-fixture.ts';
import { changed, keysOf, named } from './attributed.ts';
import { runs } from './attribution-faults.ts';

/** Runs of which nothing is to be named. */

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
