import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

/**
 * Opens an HTML file in a real browser and prints as JSON what is wrong with it at each width, scheme and medium:
 * node browser.mjs FILE [FOLDER FOR SCREENSHOTS]. A program of its own, because Chromium's package is an ES module.
 */

const [file, screenshots] = process.argv.slice(2);

const views = [
  { name: 'wide', width: 1280, scheme: 'light' },
  { name: 'wide-dark', width: 1280, scheme: 'dark' },
  { name: 'narrow', width: 390, scheme: 'light' },
  { name: 'narrow-dark', width: 390, scheme: 'dark' },
  { name: 'unfolded', width: 390, scheme: 'light', unfold: true },
  { name: 'print', width: 794, scheme: 'light', media: 'print' },
];

/** Runs in the page. Boxes are in pixels. */
function mistakes(width, scheme) {
  const found = [];
  const [red = 0] = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? [];
  if (red > 128 !== (scheme === 'light')) found.push(`the page is not ${scheme}`);
  const visible = (element) => {
    const { width: w, height: h } = element.getBoundingClientRect();
    // What is folded up has a box all the same.
    return w > 0 && h > 0 && element.checkVisibility();
  };
  const overlap = (one, other) => {
    const x = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return x > 1 && y > 1;
  };
  const pairs = (elements, name) => {
    const boxes = elements.map((element) => element.getBoundingClientRect());
    for (const [index, one] of elements.entries())
      for (let at = index + 1; at < elements.length; at++) {
        const other = elements[at];
        if (overlap(boxes[index], boxes[at]) && !one.contains(other) && !other.contains(one))
          found.push(name(one, other));
      }
  };
  const charts = [...document.querySelectorAll('figure svg')].filter(visible);
  if (charts.length !== document.querySelectorAll('figure').length)
    found.push(`${charts.length} drawings of ${document.querySelectorAll('figure').length} figures are shown`);
  for (const svg of charts) {
    const title = svg.querySelector('title')?.textContent || svg.getAttribute('aria-labelledby');
    if (svg.getAttribute('role') !== 'img' || !svg.querySelector('desc')?.textContent)
      found.push(`${title}: has no role or no description`);
    // What a chart draws is in the colours of series, of which axes and grid have none.
    const marks = [...svg.querySelectorAll('path, rect')].filter((mark) =>
      ['stroke', 'fill'].some((attribute) => /^var\(--[ch]\d\)$/.test(mark.getAttribute(attribute) ?? '')),
    );
    const size = (mark) => mark.getBBox().width + mark.getBBox().height;
    const plot = svg.getBoundingClientRect();
    // A legend is 26 pixels long.
    if (!marks.some((mark) => size(mark) > 30)) found.push(`${title}: nothing is drawn`);
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim());
    const names = texts.filter(
      (text) => text.getAttribute('fill') === 'var(--muted)' && /\(.+\)|^[\p{L} ]+$/u.test(text.textContent),
    );
    if (names.length < 2) found.push(`${title}: has ${names.length} names of axes`);
    pairs(texts, (a, b) => `${title}: "${a.textContent}" and "${b.textContent}" overlap`);
    for (const text of texts) {
      const box = text.getBoundingClientRect();
      if (
        box.left < plot.left - 1 ||
        box.right > plot.right + 1 ||
        box.top < plot.top - 1 ||
        box.bottom > plot.bottom + 1
      )
        found.push(`${title}: "${text.textContent}" is cut off`);
      const pixels = Number.parseFloat(getComputedStyle(text).fontSize) * (plot.width / svg.viewBox.baseVal.width);
      if (pixels < 10.9) found.push(`${title}: "${text.textContent}" is ${pixels} px high`);
    }
  }
  const blocks = [...document.querySelectorAll('h1, h2, h3, p, ul, dl, .scroll, figcaption, figure svg, .about')];
  pairs(blocks.filter(visible), (a, b) => `${a.outerHTML.slice(0, 80)} and ${b.outerHTML.slice(0, 80)} overlap`);
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) found.push(`the page is ${scrollWidth} px wide`);
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]));
  if (
    levels.filter((level) => level === 1).length !== 1 ||
    levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1)
  )
    found.push(`headings are out of order: ${levels}`);
  return found;
}

const browser = await puppeteer.launch({
  args: chromium.args,
  executablePath: await chromium.executablePath(),
  headless: 'shell',
});
try {
  const page = await browser.newPage();
  const seen = [];
  page.on(
    'console',
    (message) => ['error', 'warn'].includes(message.type()) && seen.push(`console: ${message.text()}`),
  );
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('request', (request) => request.url() !== pathToFileURL(file).href && seen.push(`request: ${request.url()}`));
  const result = {};
  for (const { name, width, scheme, media, unfold } of views) {
    seen.length = 0;
    await page.setViewport({ width, height: 1000 });
    // In this order: the type resets the features.
    await page.emulateMediaType(media ?? 'screen');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(pathToFileURL(file).href);
    if (unfold)
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
    result[name] = [...seen, ...(await page.evaluate(mistakes, width, scheme))];
    if (screenshots) await page.screenshot({ path: `${screenshots}/${name}.png` });
  }
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
