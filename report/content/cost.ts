import { digits } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Block, type Cell, figure, paragraph, table } from './block.ts';

/** Rows of a table that people read; JSON has all. */
const mostRows = 50;

/** Empty where nothing is known of CPU and memory. */
export function costBlocks({ cost }: Report, texts: Texts): Block[] {
  const { columns, captions, costs } = texts;
  const { items, total, currency } = cost;
  if (total.cpuHours === null && total.memoryGibHours === null && total.price === null) return [];
  const isPriced = total.price !== null;
  const row = (name: string, one: typeof total): Cell[] => [
    name,
    ...[one.cpuHours, one.memoryGibHours, ...(isPriced ? [one.price, one.pricePerThousand] : [])].map((value) =>
      figure(value === null ? '–' : digits(value)),
    ),
  ];
  const rows = items.slice(0, mostRows);
  return [
    paragraph(costs.basis[cost.basis]),
    ...table(
      captions.costs,
      [
        ...[columns.name, columns.cpuHours, columns.memoryHours],
        ...(isPriced ? [columns.price(currency), columns.perThousand(currency)] : []),
      ],
      [...rows.map((one) => row(one.name, one)), row(costs.total, total)],
    ),
    ...(rows.length < items.length ? [paragraph(texts.cut(rows.length, items.length))] : []),
  ];
}
