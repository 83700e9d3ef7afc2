import { inline, table } from '../clients/markdown.ts';
import { type Picture, picturesOf } from './charts/pictures.ts';
import { type Block, type Cell, type Section, type Table, textOf } from './content/block.ts';
import { sectionsOf } from './content/sections.ts';
import type { Report } from './schema.ts';
import { type Texts, textsOf } from './texts/texts.ts';

/** What a comment of GitHub takes is 65,536 characters; others stand in the same one. */
const mostBytes = 60_000;

/** A report as Markdown, for the comment on a change. Charts are tables in it; sections that do not fit are named. */
export function markdownOf(report: Report, pictures: readonly Picture[] = picturesOf(report)): string {
  const texts = textsOf(report.language);
  const verdict = texts.verdicts[report.verdict?.verdict ?? 'none'];
  let text = `# ${inline(texts.title(report.run.testid))}: ${verdict}\n`;
  const omitted: string[] = [];
  const room = (added: string) => Buffer.byteLength(text) + Buffer.byteLength(added) <= mostBytes;
  for (const section of sectionsOf(report, pictures)) {
    const added = sectionText(section, texts);
    if (room(added)) text += added;
    else omitted.push(section.heading);
  }
  return omitted.length ? `${text}\n${texts.omitted(omitted.join(', '))}\n` : text;
}

function sectionText({ heading, blocks }: Section, texts: Texts): string {
  const drawn = blocks.flatMap((block) => (block.kind === 'picture' ? block.picture : []));
  const rest = blocks.filter(({ kind }) => kind !== 'picture').map((block) => blockText(block, texts));
  return `\n${[`## ${heading}`, ...rest, ...(drawn.length ? [folded(texts.charts.data, drawn, texts)] : [])].join('\n\n')}\n`;
}

function blockText(block: Block, texts: Texts): string {
  switch (block.kind) {
    case 'paragraph':
      return inline(block.text);
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'facts':
      return block.entries.map(([name, value]) => `- ${inline(name)}: ${inline(value)}`).join('\n');
    case 'table':
      return `**${inline(block.caption)}**\n\n${tableText(block)}`;
    case 'picture':
      return folded(block.picture.title, [block.picture], texts);
    case 'gallery':
      return folded(block.heading, block.pictures, texts);
  }
}

/** Of each chart the line that is highest. */
function folded(heading: string, pictures: readonly Picture[], texts: Texts): string {
  const { columns } = texts;
  const rows = pictures.flatMap(({ title, table: { head, rows: figures } }) => {
    const [first] = figures;
    return first ? [[title, first.map((cell, index) => `${head[index]} ${cell}`).join(', ')]] : [];
  });
  const lines = tableText({ caption: heading, head: [columns.what, columns.value], rows });
  return `<details><summary>${inline(heading)}</summary>\n\n${lines}\n\n</details>`;
}

const tableText = ({ head, rows }: Table): string =>
  table(
    head,
    rows.map((row) => row.map(cellText)),
  );

const cellText = (cell: Cell): string =>
  typeof cell === 'object' && 'state' in cell && cell.state === 'broken'
    ? `**${inline(cell.text)}**`
    : inline(textOf(cell));
