/** How much load for how long, apart from what the virtual users do. */
export interface Profile {
  readonly vus: number;
  /** Seconds. */
  readonly duration: number;
}

/** `smoke` shows that all is wired; the others are the three runs that the team's load plan starts from. */
export const profiles = {
  smoke: { vus: 2, duration: 30 },
  light: { vus: 5, duration: 180 },
  medium: { vus: 20, duration: 600 },
  heavy: { vus: 50, duration: 1200 },
} as const satisfies Record<string, Profile>;
