import type { Texts } from './texts/texts.ts';

/** How figures of a unit are written: what they are divided by, and what stands behind them. */
export interface Scale {
  readonly divisor: number;
  readonly unit: string;
}

const steps = (...units: readonly (readonly [number, string])[]): Scale[] =>
  units.map(([divisor, unit]) => ({ divisor, unit }));

/** From the smallest, of the ids that Grafana has for units. */
function scales(unit: string, { units }: Texts): Scale[] {
  const binary = (suffix: string) =>
    ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((name, power) => ({ divisor: 1024 ** power, unit: `${name}${suffix}` }));
  switch (unit) {
    case 's':
      return steps([1e-6, 'µs'], [1e-3, 'ms'], [1, units.seconds]);
    case 'dtdurations':
      return steps([1, units.seconds], [60, units.minutes], [3600, units.hours]);
    case 'bytes':
      return binary('');
    case 'Bps':
      return binary('/s');
    case 'percentunit':
      return steps([0.01, units.percent]);
    case 'reqps':
      return steps([1, units.requests]);
    case 'ops':
      return steps([1, units.operations]);
    case 'cps':
      return steps([1, units.counts]);
    case 'mps':
      return steps([1, units.messages]);
    default:
      return steps([1, units.count], [1e6, units.million]);
  }
}

/** The unit in which a value has the fewest digits, for all values of a chart or one of a table. */
export function scaleOf(unit: string, largest: number, texts: Texts): Scale {
  const all = scales(unit, texts);
  const fitting = all.findLast(({ divisor }) => Math.abs(largest) >= divisor * 0.9995);
  const [smallest = { divisor: 1, unit: '' }] = all;
  // Of nothing, the unit that people measure in.
  return (
    fitting ?? (largest === 0 ? (all.find(({ divisor }) => divisor === 1 || divisor === 0.01) ?? smallest) : smallest)
  );
}

/** Of the axis of such values, such as `Time (ms)`. */
export function axisName(unit: string, scaled: string, { quantities }: Texts): string {
  const quantity = {
    ...{ s: quantities.time, dtdurations: quantities.time, bytes: quantities.size, Bps: quantities.rate },
    ...{ reqps: quantities.rate, ops: quantities.rate, cps: quantities.rate, mps: quantities.rate },
    percentunit: quantities.share,
  }[unit];
  return `${quantity ?? quantities.amount} (${scaled})`;
}

/** A value with its unit, to three digits. Null: it was not to be had. */
export function shown(value: number | null, unit: string, texts: Texts): string {
  if (value === null) return '–';
  const { divisor, unit: name } = scaleOf(unit, value, texts);
  const isBare = name === texts.units.count;
  return `${digits(value / divisor)}${isBare ? '' : name === '%' ? ' %' : ` ${name}`}`;
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** To three digits; whole numbers whole, thousands apart. */
export function digits(value: number): string {
  const rounded = Number.isInteger(value) || Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e-4 || rounded === 0 ? grouped.format(rounded) : rounded.toExponential();
}

/** Grafana's id of the unit in which the bounds of an indicator are. */
export function unitOfIndicator(indicator: string): string {
  if (['error_ratio', 'availability', 'utilization'].includes(indicator)) return 'percentunit';
  if (indicator === 'throughput') return 'reqps';
  return ['lag', 'loss'].includes(indicator) ? 'short' : 's';
}

/** Hours, minutes and seconds, such as `1 h 2 min`. */
export function durationText(exact: number, { units }: Texts): string {
  const seconds = Math.round(exact);
  const parts = [
    [Math.floor(seconds / 3600), units.hours],
    [Math.floor((seconds % 3600) / 60), units.minutes],
    [seconds % 60, units.seconds],
  ] as const;
  const some = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return some.length ? some.join(' ') : `0 ${units.seconds}`;
}
