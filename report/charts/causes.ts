import { digits } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { bars } from './bars.ts';
import type { Picture } from './pictures.ts';
import { scatter } from './scatter.ts';

/** The resources that may be the cause by their pressure, and the law of scalability. */
export function causePictures({ cause, scalability }: Report, texts: Texts): Picture[] {
  const measured = cause.candidates.filter(({ peak }) => peak !== null);
  return [
    ...(measured.length ? [ranking(measured, texts)] : []),
    ...(scalability.curve.length ? [law(scalability, texts)] : []),
  ];
}

function ranking(candidates: Report['cause']['candidates'], texts: Texts): Picture {
  const { cause: words, columns } = texts;
  const about = { id: 'pressure-ranking', title: words.ranking, description: words.rankingText };
  const names = candidates.map(({ resource, of }) => `${resource} ${of}`);
  const values = candidates.map(({ peak }) => peak);
  return {
    ...{ ...about, section: 'cause', row: '', notes: [] },
    table: {
      head: [columns.resource, columns.peak],
      rows: candidates.map(({ peak }, index) => [names[index] ?? '', digits(peak ?? 0)]),
    },
    draw: (size) =>
      bars(
        {
          ...{ ...about, names, axis: words.pressure, of: columns.resource },
          groups: [{ name: columns.peak, values }],
          bound: { name: words.knee, value: 1 },
        },
        size,
      ),
  };
}

function law({ points, curve, fit }: Report['scalability'], texts: Texts): Picture {
  const { cause: words, load, units } = texts;
  const about = { id: 'scalability', title: words.scalability, description: words.scalabilityText };
  const peak = fit?.peak;
  const last = curve.at(-1)?.[0] ?? 0;
  return {
    ...{ ...about, section: 'cause', row: '', notes: [] },
    table: {
      head: [load.vus, units.requests],
      rows: curve.filter((_, index) => index % 5 === 4).map((point) => point.map(digits)),
    },
    draw: (size) =>
      scatter(
        {
          ...about,
          x: `${load.vus} (${units.count})`,
          y: `${texts.quantities.rate} (${units.requests})`,
          measured: { name: words.measured, points },
          curve: { name: words.law, points: curve },
          ...(peak && peak.value <= last ? { mark: { name: words.peak(digits(peak.value)), x: peak.value } } : {}),
        },
        size,
      ),
  };
}
