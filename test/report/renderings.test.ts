import { narrow } from '../../report/charts/draw.ts';
import { columnsOf } from '../../report/charts/heatmap.ts';
import { picturesOf } from '../../report/charts/pictures.ts';
import { csvOf } from '../../report/csv.ts';
import { reportOf } from '../../report/document.ts';
import { filesOf } from '../../report/files.ts';
import { htmlOf } from '../../report/html/page.ts';
import { markdownOf } from '../../report/markdown.ts';
import { archiveWith } from './archive-fixture.ts';
import { runs } from './attribution-faults.ts';
import { largeRun } from './large-run.ts';

const small = { ...largeRun, panels: largeRun.panels.slice(0, 6) };
const report = reportOf(small, { language: 'en' });

test('text of others is escaped everywhere on the page', () => {
  const html = htmlOf(report);
  expect(html).not.toMatch(/<script|<img|<b>/i);
  expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
});

test('a page says what language it is in, and is the same each time', () => {
  expect(htmlOf(report, [])).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(htmlOf(reportOf(small, { language: 'ko' }), [])).toMatch(/^<!doctype html>\n<html lang="ko">/);
  const [again, before] = [picturesOf(report), picturesOf(report)].map(([first]) => first?.draw(narrow));
  expect(again).toBe(before);
});

test('Markdown fits into a comment, with nothing that a renderer would run or call', () => {
  const text = markdownOf(reportOf(largeRun, { language: 'en' }));
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(text).not.toMatch(/<(?!\/?(details|summary)>)/);
  expect(text).toContain('| p95 (critical) | k6 service=gateway | 1.31 s | ≤ 1 s | -31 % | **broken** |');
  const called = structuredClone(report);
  called.gaps[0] = 'Ask @team/all about [this](https://example.com) | or `that` of www.example.com';
  expect(markdownOf(called)).toContain(
    '- Ask &#64;team/all about \\[this\\](https&#58;//example.com) \\| or \\`that\\` of www&#46;example.com',
  );
  expect(markdownOf(called)).not.toMatch(/https?:\/\/|www\./);
});

test('Markdown names the sections that do not fit', () => {
  const long = structuredClone(report);
  long.gaps = Array.from({ length: 100 }, () => 'x'.repeat(990));
  const text = markdownOf(long);
  expect(Buffer.byteLength(text)).toBeLessThan(65_000);
  expect(text).toContain('Not here, since it would be too long: What was not measured.');
});

test('CSV is quoted where it has to be, and no formula', () => {
  const hostile = structuredClone(report);
  hostile.events = [{ kind: 'alert', at: -3, until: null, of: '=HYPERLINK("http://x")', text: '+1, "two"\nthree' }];
  expect(csvOf(hostile)['events.csv']).toBe(
    'seconds_since_start,until_seconds,kind,of,text\r\n-3,,alert,"\'=HYPERLINK(""http://x"")","\'+1, ""two""\nthree"\r\n',
  );
  const lines = csvOf(report)['endpoints.csv']?.split('\r\n');
  expect(lines).toHaveLength(22);
});

test('each chart is a file of its own, as SVG in both schemes and as PNG', () => {
  const files = filesOf({ ...report, charts: report.charts.slice(0, 1) }, ['svg', 'png']);
  const svg = String(files['charts/distribution.svg']);
  expect(svg).toMatch(/^<svg .*role="img"/);
  expect(svg).toContain('prefers-color-scheme:dark');
  const png = files['charts/distribution.png'] as Buffer;
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // Twice as wide as on the page.
  expect(png.readUInt32BE(16)).toBe(1440);
  expect(png.length).toBeGreaterThan(10_000);
});

test('each chart has its figures as a table', () => {
  for (const { title, table } of picturesOf(report)) {
    expect([title, table.rows.length > 0]).toEqual([title, true]);
    for (const row of table.rows) expect(row).toHaveLength(table.head.length);
  }
});

test('signs, stages and gaps are in the language of the report, with what filled up', () => {
  const run = runs['memory-leak']();
  const korean = (archive: typeof run) => markdownOf(reportOf(archive, { language: 'ko' }), []);
  expect(korean(run)).toContain('| 한계 도달 | jvm-heap shopping-service |');
  expect(korean(runs['row-lock']())).toContain('| shopping-service | 커넥션 대기 |');
  expect(korean(archiveWith())).toContain('사용 시간을 알 수 없는 대상: ');
});

test('columns of a heatmap stand side by side, also where the last is shorter', () => {
  const slices = [20, 40, 60, 80, 90].map((at) => ({ at, buckets: [] }));
  const sides = (limit: number) => columnsOf(slices, limit).map(({ from, at }) => [from, at]);
  expect(sides(5).slice(3)).toEqual([
    [60, 80],
    [80, 90],
  ]);
  expect(sides(3)).toEqual([
    [0, 40],
    [40, 80],
    [80, 90],
  ]);
});
