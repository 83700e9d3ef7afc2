import { type Picture, picturesOf } from '../charts/pictures.ts';
import { durationText } from '../quantity.ts';
import type { Report } from '../schema.ts';
import { type Texts, textsOf } from '../texts/texts.ts';
import { type Block, facts, paragraph, type Section } from './block.ts';
import { causeBlocks } from './cause.ts';
import { environmentBlocks, eventTable, traceTable } from './circumstances.ts';
import { costBlocks } from './cost.ts';
import { endpointTable, errorTables, latencyTable, loadTable } from './measured.ts';
import { verdictBlocks } from './verdict.ts';

/** All that a report says, in the order in which it is asked for: the outcome, its cause, the figures, the circumstances. */
export function sectionsOf(report: Report, pictures: readonly Picture[] = picturesOf(report)): Section[] {
  const texts = textsOf(report.language);
  const drawn = (section: Picture['section']): Block[] =>
    pictures.filter((picture) => picture.section === section).map((picture) => ({ kind: 'picture', picture }));
  const { sections } = texts;
  const blocks: Partial<Record<keyof typeof sections, readonly Block[]>> = {
    summary: summaryOf(report, texts),
    verdict: verdictBlocks(report, texts),
    cause: [...causeBlocks(report, texts), ...drawn('cause')],
    load: [...loadTable(report, texts), paragraph(texts.charts.shaded), ...drawn('load')],
    latency: [...latencyTable(report, texts), ...drawn('latency')],
    throughput: drawn('throughput'),
    errors: [...errorTables(report, texts), ...drawn('errors')],
    endpoints: [...endpointTable(report, texts), ...drawn('endpoints')],
    resources: galleries(pictures.filter(({ section }) => section === 'resources')),
    cost: costBlocks(report, texts),
    traces: traceTable(report, texts),
    events: eventTable(report, texts),
    environment: environmentBlocks(report, texts),
    gaps: report.gaps.length ? [{ kind: 'list', items: report.gaps }] : [paragraph(texts.noGaps)],
  };
  return Object.entries(sections).flatMap(([id, heading]) => {
    const own = blocks[id as keyof typeof sections] ?? [];
    return own.length ? [{ id, heading, blocks: own }] : [];
  });
}

function summaryOf({ run, conclusion }: Report, texts: Texts): Block[] {
  const { facts: names } = texts;
  return [
    ...conclusion.map(paragraph),
    facts([
      [names.scenario, run.scenario],
      [names.profile, run.profile],
      [names.service, run.service],
      [names.url, run.url],
      [names.runners, run.runners === null ? null : String(run.runners)],
      [names.start, run.start],
      [names.end, run.end],
      [names.duration, durationText(run.duration, texts)],
    ]),
  ];
}

/** Row by row, as on the dashboards. */
function galleries(pictures: readonly Picture[]): Block[] {
  const rows = [...new Set(pictures.map(({ row }) => row))];
  return rows.map((row) => ({
    kind: 'gallery',
    heading: row,
    pictures: pictures.filter((picture) => picture.row === row),
  }));
}
