import type { Picture } from '../charts/pictures.ts';

/** What a report says, before it is HTML or Markdown. All text is plain: it is escaped as it is written. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly entries: readonly (readonly [name: string, value: string])[] }
  | ({ readonly kind: 'table' } & Table)
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** Many small ones. */
  | { readonly kind: 'gallery'; readonly heading: string; readonly pictures: readonly Picture[] };

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of each row says what the row is about. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Text, or a figure, or the state that something is in. */
export type Cell = string | { readonly figure: string } | { readonly state: string; readonly text: string };

export const textOf = (cell: Cell): string =>
  typeof cell === 'string' ? cell : 'figure' in cell ? cell.figure : cell.text;

export const figure = (text: string): Cell => ({ figure: text });

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });

/** Names and values that belong together; those without a value are left out. */
export const facts = (entries: readonly (readonly [string, string | null])[]): Block => ({
  kind: 'facts',
  entries: entries.flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
});

/** No block where there is no row. */
export const table = (caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Block[] =>
  rows.length ? [{ kind: 'table', caption, head, rows }] : [];
