import type { Size } from '../options.ts';
import { chooser } from './weighted.ts';

/** Bytes of a message, given a chance from 0 to 1. */
export function sizer(size: Size): (chance: number) => number {
  if (size.kind === 'fixed') return () => size.bytes;
  if (size.kind === 'list') return chooser(size.sizes);
  const { from, to } = size;
  return (chance) => from + Math.floor(chance * (to - from + 1));
}

export const smallestOf = (size: Size): number =>
  size.kind === 'fixed' ? size.bytes : size.kind === 'range' ? size.from : Math.min(...size.sizes.map(({ of }) => of));

export const largestOf = (size: Size): number =>
  size.kind === 'fixed' ? size.bytes : size.kind === 'range' ? size.to : Math.max(...size.sizes.map(({ of }) => of));
