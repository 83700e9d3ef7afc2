/** A day of UTC, as Zipkin writes it in names of indices: 2026-02-28. */
export type Day = string;

const dayMs = 86_400_000;

/** The day of a moment. */
export const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** When a day begins; undefined where there is no such day. */
export function beginOf(day: Day): number | undefined {
  const ms = Date.parse(`${day}T00:00:00Z`);
  // The 30th of February is read as one of March.
  return Number.isNaN(ms) || dayOf(ms) !== day ? undefined : ms;
}

/** The day that is so many days before the one of a moment. */
export const daysBefore = (ms: number, days: number): Day => dayOf(ms - days * dayMs);
