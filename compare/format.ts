/** Figures for people; a dash where there is none. */

const none = '–';

/** Three digits, without needless zeros. */
const short = (value: number) => String(Number(value.toPrecision(3)));

export const percent = (share: number | null): string => (share === null ? none : `${short(100 * share)} %`);

/** A change, as `+4.1 %` or `−2 %`. */
export const signed = (share: number | null, digits = 1): string => {
  if (share === null) return none;
  const text = Math.abs(100 * share).toFixed(digits);
  return `${share < 0 && Number(text) > 0 ? '−' : '+'}${text} %`;
};

export function duration(seconds: number | null): string {
  if (seconds === null) return none;
  return seconds < 1 ? `${short(1000 * seconds)} ms` : `${short(seconds)} s`;
}

export const amount = (value: number | null): string => (value === null ? none : short(value));

export const mebibytes = (bytes: number | null): string =>
  bytes === null ? none : `${Math.round(bytes / 2 ** 20)} MiB`;
