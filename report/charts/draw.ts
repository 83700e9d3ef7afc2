import { type EChartsOption, init } from 'echarts';
import { colourStyle } from './palette.ts';

/** Pixels. A drawing is made for the width it is shown at, so that its text keeps its size. */
export interface Size {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
}

export const wide: Size = { name: 'wide', width: 720, height: 320 };
/** For a phone of 390 px, and for one of three columns on a wide screen. */
export const narrow: Size = { name: 'narrow', width: 358, height: 260 };

export interface Described {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** An SVG element with a title and a description for screen readers. Its colours are custom properties of the page. */
export function draw(option: EChartsOption, { id, title, description }: Described, size: Size): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: size.width, height: size.height });
  try {
    chart.setOption({ animation: false, ...option });
    const name = `${id}-${size.name}`;
    const body = chart
      .renderToSVGString()
      .replace(/^<svg[^>]*>/, '')
      // ECharts counts the charts of a process.
      .replaceAll(/\bzr\d+-/g, `${name}-`)
      // What a pointer would meet, and nothing here listens to.
      .replaceAll(/ (?:pointer-events|class|ecmeta_\w+)="[^"]*"/g, '')
      .replace(/<style >.*?<\/style>/s, '')
      .replaceAll(/\bd="[^"]+"/g, (path) =>
        path.replaceAll(/\d+\.\d{2,}/g, (text) => String(Number(Number(text).toFixed(1)))),
      );
    return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${name}-title ${name}-text" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}"><title id="${name}-title">${escaped(title)}</title><desc id="${name}-text">${escaped(description)}</desc>${body}`;
  } finally {
    chart.dispose();
  }
}

/** As a file of its own, in light and dark. */
export const asFile = (svg: string): string =>
  svg.replace('</desc>', `</desc><style>${colourStyle('svg')}svg{background:var(--page)}</style>`);

/** Text of others within HTML and SVG, also within quotes. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
