import { type Picture, picturesOf } from '../charts/pictures.ts';
import { sectionsOf } from '../content/sections.ts';
import type { Report } from '../schema.ts';
import { textsOf } from '../texts/texts.ts';
import { pageOf } from './shell.ts';

/** A report as one HTML file. */
export function htmlOf(report: Report, pictures: readonly Picture[] = picturesOf(report)): string {
  const { language, run, verdict } = report;
  const texts = textsOf(language);
  const mark = verdict?.verdict ?? 'none';
  return pageOf({
    language,
    title: texts.title(run.testid),
    verdict: { text: texts.verdicts[mark], mark },
    sections: sectionsOf(report, pictures),
  });
}
