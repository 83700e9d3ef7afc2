import { asFile, narrow, wide } from './charts/draw.ts';
import { type Picture, picturesOf } from './charts/pictures.ts';
import { csvOf } from './csv.ts';
import { htmlOf } from './html/page.ts';
import { markdownOf } from './markdown.ts';
import { pngOf } from './png.ts';
import type { Report } from './schema.ts';

export const formats = ['html', 'md', 'json', 'csv', 'svg', 'png'] as const;
export type Format = (typeof formats)[number];

/** The archive that a report was made of, which stands beside it. */
export const archiveName = 'run.json.gz';

/** A report in the formats that were asked for, by path in its folder. */
export function filesOf(report: Report, asked: readonly Format[]): Record<string, string | Uint8Array> {
  const pictures = picturesOf(report);
  const charts = (name: (id: string) => string, write: (svg: string) => string | Uint8Array) =>
    Object.fromEntries(pictures.map((picture) => [`charts/${name(picture.id)}`, write(drawn(picture))]));
  const files: Record<Format, () => Record<string, string | Uint8Array>> = {
    html: () => ({ 'report.html': htmlOf(report, pictures) }),
    md: () => ({ 'report.md': markdownOf(report, pictures) }),
    json: () => ({ 'report.json': `${JSON.stringify(report)}\n` }),
    csv: () => csvOf(report),
    svg: () => charts((id) => `${id}.svg`, asFile),
    png: () =>
      charts(
        (id) => `${id}.png`,
        (svg) => pngOf(svg, report.language),
      ),
  };
  return Object.assign({}, ...formats.filter((format) => asked.includes(format)).map((format) => files[format]()));
}

/** As it stands on the page of a wide screen. */
const drawn = ({ section, draw }: Picture): string => draw(section === 'resources' ? narrow : wide);

/** Whether something in a folder, by its path there, may be of an earlier report. */
export const isOfReport = (name: string): boolean =>
  ['charts', archiveName].includes(name) ||
  /^charts\/[^/]+\.(svg|png)$/.test(name) ||
  /^report\.(html|md|json)$/.test(name) ||
  /^(budgets|endpoints|distribution|events|series)\.csv$/.test(name);
