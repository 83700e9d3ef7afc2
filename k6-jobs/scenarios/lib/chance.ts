import { sleep as sleepOfK6 } from 'k6';

// Kept: k6 wraps what is imported anew each time that it is named, at 2 µs or more.
const sleep = sleepOfK6;

/** Waits about as long as a user thinks, between half of it and half as much again: users fall out of step. */
export const think = (milliseconds: number): void => sleep((milliseconds / 1000) * (0.5 + Math.random()));

/** A whole number from 0 to below `end`. */
export const below = (end: number): number => Math.floor(Math.random() * end);

/** The number of a product or the like, where there are as many as `count`, counted from 1. */
export const oneOf = (count: number): number => below(count) + 1;

/** Does one of several things, each as often as its weight says. */
export function oneByWeight(things: readonly (readonly [weight: number, thing: () => void])[]): void {
  let left = Math.random() * things.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, thing] of things) {
    left -= weight;
    if (left < 0) {
      thing();
      return;
    }
  }
}
