/**
 * Colours as CSS custom properties, so that one drawing serves light and dark. Those of lines are after Okabe and Ito,
 * told apart by people who see no red or no green, and at least 3 : 1 on the page; each also has dashes of its own.
 */
const light = {
  ink: '#1c2126',
  muted: '#545d66',
  grid: '#dde1e5',
  page: '#ffffff',
  panel: '#f6f7f9',
  full: '#e9eef4',
  event: '#6b4a00',
  bound: '#b3261e',
  good: '#0a6b3d',
  link: '#0b5cad',
  c1: '#0072b2',
  c2: '#c75000',
  c3: '#007f5f',
  c4: '#a8488a',
  c5: '#4f565d',
  c6: '#876a00',
  c7: '#2788bd',
  c8: '#6a42c2',
  h1: '#cfe3f3',
  h2: '#9fc8e6',
  h3: '#69a8d6',
  h4: '#3584c0',
  h5: '#145f9c',
  h6: '#0a3a66',
};

const dark: typeof light = {
  ink: '#e8eaed',
  muted: '#a9b1b9',
  grid: '#363c43',
  page: '#15181c',
  panel: '#1d2126',
  full: '#232a32',
  event: '#e0b860',
  bound: '#ff8a80',
  good: '#6fd39b',
  link: '#8ab8ff',
  c1: '#56b4e9',
  c2: '#ff9a52',
  c3: '#3ccf9e',
  c4: '#f29bd0',
  c5: '#c3c9cf',
  c6: '#e6d646',
  c7: '#9ad4ff',
  c8: '#b79bff',
  h1: '#12304a',
  h2: '#1a4a72',
  h3: '#2a6ca0',
  h4: '#4b94cb',
  h5: '#86c0ea',
  h6: '#d6ecfc',
};

export type Colour = keyof typeof light;

export const colour = (name: Colour): string => `var(--${name})`;

const declared = (colours: typeof light) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Paper is light, whatever the screen is. */
export const colourStyle = (root: string): string =>
  `${root}{${declared(light)}}@media screen and (prefers-color-scheme:dark){${root}{${declared(dark)}}}`;

/** For programs that know no custom properties. */
export const resolved = (svg: string): string => svg.replaceAll(/var\(--(\w+)\)/g, (_, name: Colour) => light[name]);

/** Colour and dashes of the n-th line. */
export function lineLook(index: number): { readonly color: string; readonly dash: number[] } {
  const dashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 3], [2, 5], [6, 2, 2, 2, 2, 2]];
  return { color: `var(--c${(index % 8) + 1})`, dash: dashes[index % dashes.length] ?? [] };
}

/** From few to many, as a share of the most. */
export const heat = (share: number): string => `var(--h${Math.min(Math.floor(share * 6), 5) + 1})`;
