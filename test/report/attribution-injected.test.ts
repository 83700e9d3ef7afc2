import type { ArchivedSeries } from '../../archive/archive.ts';
import { type FaultName, faults } from '../../demo/faults.ts';
import { attribute } from '../../report/attribution/index.ts';
import { named } from './attributed.ts';
import { runs } from './attribution-faults.ts';

/** What is named of runs into which a fault of the demo came, also where something was in the way of seeing it. */

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
