import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunArchive } from '../../archive/archive.ts';
import { reportOf } from '../../report/document.ts';
import { htmlOf } from '../../report/html/page.ts';
import { run } from '../cli/loadscope.ts';
import { largeRun } from './large-run.ts';

/** In a real browser, at the widths of a desk and of a phone. LOADSCOPE_NO_BROWSER leaves it out where none can start. */
const inBrowser = process.env.LOADSCOPE_NO_BROWSER ? describe.skip : describe;

type Views = Readonly<Record<string, readonly string[]>>;

const folder = mkdtempSync(join(tmpdir(), 'loadscope-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function opened(html: string): Promise<Views> {
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const { status, stdout, stderr } = await run(process.execPath, ['test/report/browser.mjs', file]);
  if (status !== 0)
    throw new Error(`Chromium did not start or broke off; set LOADSCOPE_NO_BROWSER where it cannot run:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Each view that anything is wrong in, with the first of it. */
const wrong = (views: Views) =>
  Object.entries(views).flatMap(([view, [first]]) => (first ? [`${view}: ${first}`] : []));

const page = (archive: RunArchive) => htmlOf(reportOf(archive, { language: 'en' }));
const large = page(largeRun);

test('the page of a large run is below 3 MB', () => {
  expect(Buffer.byteLength(large)).toBeLessThan(3_000_000);
});

/** On a machine that is busy with a load test. */
jest.setTimeout(120_000);

inBrowser('the page of a large run', () => {
  test('shows all that it has, readable, without an error and without the network', async () => {
    const views = await opened(large);
    expect(Object.keys(views)).toHaveLength(6);
    expect(wrong(views)).toEqual([]);
  });

  test('is found out where it does not', async () => {
    const broken = page({ ...largeRun, panels: largeRun.panels.slice(0, 12) })
      // A request, which its policy forbids, so that there is an error as well.
      .replace('</main>', '<img src="https://example.invalid/a.png" alt=""></main>')
      // A drawing without its lines, an axis without a name, a text on another, a table that is too wide.
      .replace(/(id="panel-1-narrow-title".*?)<\/svg>/s, (svg) => svg.replaceAll(/stroke="var\(--c\d\)"/g, ''))
      .replace(/(id="panel-2-narrow-title".*?)<\/svg>/s, (svg) => svg.replaceAll('Time since start (min)', ''))
      .replace(/(id="users-(wide|narrow)-title".*?)<\/svg>/gs, (svg) =>
        svg.replace('</svg>', '<text x="20" y="20">on the name</text></svg>'),
      )
      .replace('.scroll{overflow-x:auto', '.scroll{')
      .replace('h3{font-size:1.05rem;margin:24px 0 8px', 'h3{font-size:1.05rem;margin:24px 0 -30px')
      .replace('@media screen and (prefers-color-scheme:dark)', '@media screen and (max-width:1px)')
      .replace('<h3>', '<h4>');
    const views = await opened(broken);
    const found = Object.values(views).flat().join('\n');
    for (const mistake of [
      /^request: https:\/\/example\.invalid/m,
      /^console: .*Content Security Policy/m,
      /: nothing is drawn$/m,
      /: has 1 names of axes$/m,
      /"Amount \(count\)" and "on the name" overlap$/m,
      /^the page is \d+ px wide$/m,
      /<h3>.* overlap$/m,
      /^headings are out of order/m,
      /^the page is not dark$/m,
    ])
      expect(found).toMatch(mistake);
  });
});
