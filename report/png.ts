import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { resolved } from './charts/palette.ts';
import type { Language } from './texts/texts.ts';

const require = createRequire(import.meta.url);
const fonts = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/**
 * A drawing as PNG, twice as large for sharp screens, in the colours of light. Its font is that of the package, which
 * looks the same everywhere; it has no Korean, for which the machine's own fonts are asked.
 */
export function pngOf(svg: string, language: Language): Buffer {
  // Only where it is asked for: it brings a native library.
  const { Resvg }: typeof import('@resvg/resvg-js') = require('@resvg/resvg-js');
  const drawing = new Resvg(resolved(svg), {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      fontFiles: [join(fonts, 'DejaVuSans.ttf')],
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
      loadSystemFonts: language === 'ko',
    },
  });
  return drawing.render().asPng();
}
