import { code, inline, table } from '../clients/markdown.ts';

/** What others wrote, such as a label or an error, in a comment on a change. */

test.each([
  ['calls nobody', '@team', '&#64;team'],
  ['names no other change', '#12', '\\#12'],
  ['opens no link', '[a](https://a.b) www.a.b', '\\[a\\](https&#58;//a.b) www&#46;a.b'],
  ['begins no tag', '<b>&', '&#60;b&#62;&#38;'],
  ['ends no cell', 'a | b', 'a \\| b'],
  ['is not bold, and names stay whole', '**p95** _of_ error_ratio', '\\*\\*p95\\*\\* \\_of\\_ error_ratio'],
  ['is one line', 'a\nb', 'a b'],
])('%s', (_, text, written) => {
  expect(inline(text)).toBe(written);
});

test('a name ends neither itself nor a cell', () => {
  expect(code('a`|b')).toBe('`ab`');
});

test('a table has a row of dashes under its head', () => {
  expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});
