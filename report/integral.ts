/** What lies under a series, and how many of its steps that is known of. */
export interface Integral {
  /** Unit of the values, times seconds. */
  readonly area: number;
  /** Seconds between two points that both have a value. */
  readonly covered: number;
}

/** The area under a series by trapezoids; a step with a null at either end adds nothing. */
export function integralOf(values: readonly (number | null)[], step: number): Integral {
  let area = 0;
  let covered = 0;
  for (const [index, value] of values.entries()) {
    const next = values[index + 1];
    if (value === null || next === null || next === undefined) continue;
    area += ((value + next) / 2) * step;
    covered += step;
  }
  return { area, covered };
}
