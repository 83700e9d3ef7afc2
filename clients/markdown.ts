import { plain } from './plain.ts';

/** Markdown of what others wrote: names, labels, errors. */

/** Text within a line: it opens no link, not even a bare address, no table and no tag, and calls nobody. */
export const inline = (text: string): string =>
  // A reason or a conclusion is a sentence or two.
  plain(text, 1000)
    .replaceAll(/[\\|[\]*`~#]/g, '\\$&')
    // Within a word it is one.
    .replaceAll(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '\\_')
    .replaceAll(/[&<>@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('://', '&#58;//')
    .replaceAll(/\b(www)\./gi, '$1&#46;');

/** A name as it is. */
export const code = (text: string): string => `\`${plain(text).replaceAll(/[`|]/g, '')}\``;

/** @param rows cells of Markdown */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
