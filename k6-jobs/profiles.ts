import type { Load, Stage } from './load.ts';

/** How much load for how long, apart from what the virtual users do. */
export interface Profile {
  readonly vus: number;
  /** Iterations per second, for scenarios that start them by the clock. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly shape: keyof typeof shapes;
  readonly untilBroken?: boolean;
}

/** How load goes up and down, each stage as its share of the duration and the level at its end. */
const shapes = {
  /** A moment to warm up, then level. */
  steady: [
    [0.1, 1],
    [0.85, 1],
    [0.05, 0],
  ],
  /** Little, then all at once, then little again: does it come back? */
  spike: [
    [0.02, 0.1],
    [0.28, 0.1],
    [0.02, 1],
    [0.28, 1],
    [0.02, 0.1],
    [0.38, 0.1],
  ],
  /** Up in five steps, each long enough to see its effect. */
  stairs: [
    [0.05, 0.2],
    [0.15, 0.2],
    [0.05, 0.4],
    [0.15, 0.4],
    [0.05, 0.6],
    [0.15, 0.6],
    [0.05, 0.8],
    [0.15, 0.8],
    [0.05, 1],
    [0.15, 1],
  ],
  /** Up without end. */
  ramp: [[1, 1]],
} as const satisfies Record<string, readonly (readonly [share: number, level: number])[]>;

/**
 * `smoke` shows that all is wired. `light`, `medium` and `heavy` are the three runs that the team's load plan starts
 * from. `breakpoint` goes up until a budget breaks.
 */
export const profiles = {
  smoke: { vus: 2, rate: 4, duration: 30, shape: 'steady' },
  light: { vus: 5, rate: 10, duration: 180, shape: 'steady' },
  medium: { vus: 20, rate: 50, duration: 600, shape: 'steady' },
  heavy: { vus: 50, rate: 200, duration: 1200, shape: 'steady' },
  spike: { vus: 200, rate: 500, duration: 300, shape: 'spike' },
  soak: { vus: 20, rate: 50, duration: 4 * 3600, shape: 'steady' },
  volume: { vus: 100, rate: 500, duration: 1800, shape: 'steady' },
  stress: { vus: 300, rate: 1000, duration: 1500, shape: 'stairs' },
  breakpoint: { vus: 1000, rate: 5000, duration: 1800, shape: 'ramp', untilBroken: true },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** What a launch may ask for in place of what its profile says. */
export type LoadChanges = Partial<Pick<Load, 'vus' | 'rate' | 'duration'>>;

export function loadOf(name: ProfileName, changes: LoadChanges = {}): Load {
  const { shape, untilBroken = false, ...peak }: Profile = profiles[name];
  const { vus, rate, duration } = { ...peak, ...changes };
  const stages: Stage[] = [];
  let share = 0;
  let before = 0;
  for (const [part, level] of shapes[shape]) {
    share += part;
    // In whole seconds that add up to the duration, with one at least for each.
    const until = Math.max(before + 1, Math.round(share * duration));
    stages.push({ seconds: until - before, level });
    before = until;
  }
  return { vus, rate, duration: before, stages, untilBroken };
}
