import { escaped } from '../charts/draw.ts';
import type { Section } from '../content/block.ts';
import { type Language, textsOf } from '../texts/texts.ts';
import { htmlOfBlock } from './elements.ts';
import { style } from './style.ts';

interface Page {
  readonly language: Language;
  readonly title: string;
  /** What it came to, and the class by which that is marked; left out: it is no verdict. */
  readonly verdict?: { readonly text: string; readonly mark: string };
  readonly sections: readonly Section[];
}

/** One HTML file, which asks nothing of any network and runs no script. */
export function pageOf({ language, title, verdict, sections }: Page): string {
  const texts = textsOf(language);
  const shown = verdict ? `<p><span class="verdict ${verdict.mark}">${escaped(verdict.text)}</span></p>` : '';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#report">${escaped(texts.skip)}</a>
<header><h1>${escaped(title)}</h1>${shown}</header>
<nav aria-label="${escaped(texts.contents)}"><ul>${sections
    .map(({ id, heading }) => `<li><a href="#${id}">${escaped(heading)}</a></li>`)
    .join('')}</ul></nav>
<main id="report" tabindex="-1">
${sections
  .map(
    ({ id, heading, blocks }) =>
      `<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${escaped(heading)}</h2>${blocks.map((block) => htmlOfBlock(block, texts)).join('')}</section>`,
  )
  .join('\n')}
</main>
<footer>${escaped(texts.made)}</footer>
</body>
</html>
`;
}
