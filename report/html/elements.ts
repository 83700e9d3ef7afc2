import { escaped, narrow, wide } from '../charts/draw.ts';
import type { Picture } from '../charts/pictures.ts';
import { type Block, type Cell, figure, type Table, textOf } from '../content/block.ts';
import type { Texts } from '../texts/texts.ts';

/** A block as HTML. All text is escaped here. */
export function htmlOfBlock(block: Block, texts: Texts): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.entries.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
    case 'table':
      return htmlOfTable(block);
    case 'picture':
      return large(block.picture, texts);
    case 'gallery':
      return `<h3>${escaped(block.heading)}</h3><div class="grid">${block.pictures.map((picture) => small(picture, texts)).join('')}</div>`;
  }
}

/** It scrolls by itself where it is wider than the page, also by keyboard. */
function htmlOfTable({ caption, head, rows }: Table): string {
  const isFigure = head.map((_, column) => rows.every((row) => isFigureCell(row[column])));
  const cells = (row: readonly Cell[]) =>
    row.map((cell, column) => {
      const kind = isFigure[column] ? ' class="n"' : '';
      return column === 0 ? `<th scope="row"${kind}>${content(cell)}</th>` : `<td${kind}>${content(cell)}</td>`;
    });
  const heads = head.map(
    (text, column) => `<th scope="col"${isFigure[column] ? ' class="n"' : ''}>${escaped(text)}</th>`,
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${heads.join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells(row).join('')}</tr>`)
    .join('')}</tbody></table></div>`;
}

const isFigureCell = (cell: Cell | undefined) => typeof cell === 'object' && 'figure' in cell;

const content = (cell: Cell): string =>
  typeof cell === 'object' && 'state' in cell && /^[a-z]+$/.test(cell.state)
    ? `<span class="${cell.state}">${escaped(cell.text)}</span>`
    : escaped(textOf(cell));

/** The page shows the drawing that fits its width. */
const large = (picture: Picture, texts: Texts): string =>
  `<figure class="large" id="${picture.id}">${caption(picture)}<div class="wide">${picture.draw(wide)}</div><div class="narrow">${picture.draw(narrow)}</div>${about(picture, texts)}</figure>`;

/** One among many, which is as wide as a phone on every screen. */
const small = (picture: Picture, texts: Texts): string =>
  `<figure class="small" id="${picture.id}">${caption(picture)}${picture.draw(narrow)}${about(picture, texts)}</figure>`;

const caption = ({ title }: Picture): string => `<figcaption>${escaped(title)}</figcaption>`;

function about({ title, description, notes, table: { head, rows, all = 0 } }: Picture, texts: Texts): string {
  const data = rows.map(([name = '', ...values]): Cell[] => [name, ...values.map(figure)]);
  const part = all > rows.length ? `<p>${escaped(texts.charts.dataRows(rows.length, all))}</p>` : '';
  return `<div class="about">${[description, ...notes].map(escaped).join(' ')}<details><summary>${escaped(texts.charts.data)}</summary>${htmlOfTable({ caption: title, head, rows: data })}${part}</details></div>`;
}
