import type { RunArchive } from '../../archive/archive.ts';
import type { attribute } from '../../report/attribution/index.ts';
import type { withFigures } from './archive-fixture.ts';

/** What tests of attribution look at. */

export const named = ({ outcome, candidates: [first] }: ReturnType<typeof attribute>) =>
  outcome === 'named' ? `${first?.resource} of ${first?.of}` : outcome;
export const keysOf = ({ evidence }: ReturnType<typeof attribute>) => evidence.map(({ key }) => key);

/** A run with other figures than it has, by name and labels. */
export const changed = (run: RunArchive, figures: Parameters<typeof withFigures>[0]): RunArchive => {
  const key = (labels: object) => JSON.stringify(Object.entries(labels).sort());
  const merged = Object.entries(figures).map(([name, given]) => {
    const replaced = new Set(given.map(({ labels }) => key(labels)));
    return [name, [...(run.figures[name] ?? []).filter(({ labels }) => !replaced.has(key(labels))), ...given]];
  });
  return { ...run, figures: { ...run.figures, ...Object.fromEntries(merged) } };
};
