import type { RunArchive } from '../archive/archive.ts';

/** Seconds that the rates of an archive look back: they tell of a load once it has been there for as long. */
export const rateWindow = 60;

/**
 * Whether the load goes by the clock. Its virtual users are then no measure of it: k6 has all of them at work from the
 * start, and keeps those that slow answers made it add.
 */
export const isByRate = ({ run }: RunArchive): boolean => Boolean(run.rate);
