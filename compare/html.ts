import type { Picture } from '../report/charts/pictures.ts';
import type { Section } from '../report/content/block.ts';
import { pageOf } from '../report/html/shell.ts';
import type { Comparison } from './comparison.ts';
import { endpointBars } from './pictures.ts';
import { sectionsOf } from './sections.ts';
import { percentileLines } from './trend-picture.ts';
import { trendSections } from './trend-sections.ts';
import type { Trends } from './trends.ts';

/** As the verdicts of single runs are marked. */
const marks = { regression: 'fail', 'no-regression': 'pass', undecided: 'invalid', invalid: 'invalid' } as const;

/** A comparison as one HTML file. */
export function htmlOfComparison(comparison: Comparison): string {
  const sections = withPicture(sectionsOf(comparison), 'latency', endpointBars(comparison));
  const { verdict } = comparison;
  const title = titleOf(comparison);
  return pageOf({ language: 'en', title, sections, verdict: { text: verdict, mark: marks[verdict] } });
}

export const htmlOfTrends = (trends: Trends): string =>
  pageOf({
    language: 'en',
    title: `Trends of ${trends.loadTest}`,
    sections: withPicture(trendSections(trends), 'runs', percentileLines(trends.runs)),
  });

const withPicture = (sections: readonly Section[], under: string, picture: Picture | undefined): Section[] =>
  sections.map((section) =>
    section.id === under && picture
      ? { ...section, blocks: [{ kind: 'picture', picture }, ...section.blocks] }
      : section,
  );

const namesOf = (runs: Comparison['baseline']) => runs.map(({ testid }) => testid).join(', ');

const titleOf = ({ baseline, candidate }: Comparison): string => `${namesOf(candidate)} against ${namesOf(baseline)}`;
