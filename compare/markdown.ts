import { code, inline, table } from '../clients/markdown.ts';
import { type Block, type Cell, type Section, textOf } from '../report/content/block.ts';
import type { Comparison } from './comparison.ts';
import { sectionsOf } from './sections.ts';
import { trendSections } from './trend-sections.ts';
import type { Trends } from './trends.ts';

/** Rows from which a table is folded: they would hide what comes after. */
const manyRows = 12;

/** Sections that are read before any is opened. */
const open = ['verdict', 'differences', 'latency', 'errors'];

/** A comparison for the comment on a change, and for the summary of a pipeline. */
export function markdownOfComparison(comparison: Comparison): string {
  const names = (runs: Comparison['baseline']) => runs.map(({ testid }) => code(testid)).join(', ');
  const { verdict, loadTest, baseline, candidate } = comparison;
  return [
    `## Load test${loadTest ? ` ${code(loadTest)}` : ''}: ${verdict}`,
    `${names(candidate)} against ${names(baseline)}`,
    ...sectionsOf(comparison).map((section) => markdownOf(section, !open.includes(section.id))),
  ]
    .join('\n\n')
    .concat('\n');
}

export const markdownOfTrends = (trends: Trends): string =>
  [`## Trends of ${code(trends.loadTest)}`, ...trendSections(trends).map((section) => markdownOf(section, false))]
    .join('\n\n')
    .concat('\n');

function markdownOf({ heading, blocks }: Section, isFolded: boolean): string {
  const texts = blocks.map(markdownOfBlock).filter(Boolean);
  return isFolded
    ? `<details><summary>${heading}</summary>\n\n${texts.join('\n\n')}\n\n</details>`
    : [`### ${heading}`, ...texts].join('\n\n');
}

/** Pictures are left out: their figures are in the tables. */
function markdownOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return inline(block.text);
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'table': {
      const text = table(
        block.head,
        block.rows.map((row) => row.map(cellText)),
      );
      return block.rows.length > manyRows
        ? `<details><summary>${block.caption}: ${block.rows.length} rows</summary>\n\n${text}\n\n</details>`
        : text;
    }
    default:
      return '';
  }
}

const cellText = (cell: Cell) =>
  typeof cell === 'object' && 'state' in cell && cell.state === 'broken'
    ? `**${inline(cell.text)}**`
    : inline(textOf(cell));
