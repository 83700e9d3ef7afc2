import type { Variables } from './expression.ts';

/** What Grafana's Prometheus data source puts in by itself. */
const durations = ['__rate_interval', '__interval', '__range'];
const numbers = ['__range_s', '__range_ms', '__interval_ms', '__rate_interval_ms', '__from', '__to'];
/** What it knows elsewhere: the choice of all values, and parts of links. */
const others = ['__all', '__data', '__field', '__series', '__value', '__url_time_range', '__name', '__dashboard'];

export const builtIn: readonly string[] = [...durations, ...numbers, ...others];

/** A variable as Grafana finds it. `$1` is a group of a regular expression and stays as it is. */
const mention = /\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))/g;

/** The names of the variables in a text. */
export const mentioned = (text: string): string[] =>
  [...text.matchAll(mention)].map(([, braced, bare]) => braced ?? bare ?? '');

/** Puts something in the place of each variable, as long as the variable, so that positions stay what they are. */
export const interpolate = (text: string, variables: Variables): string =>
  text.replaceAll(mention, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    if (durations.includes(name) || variables.get(name)?.interval) return '1m'.padStart(whole.length, '0');
    return numbers.includes(name) ? '1'.padStart(whole.length, '0') : 'x'.repeat(whole.length);
  });
