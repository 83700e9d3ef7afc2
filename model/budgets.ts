/**
 * What is good enough, from the goals that the team's load plan starts with: yellow is where to look, red is broken.
 * Latency in seconds, ratios from 0 to 1, lag in messages.
 */
export const budgets = {
  p95: { warning: 0.5, critical: 1 },
  p99: { warning: 1, critical: 2 },
  errorRatio: { warning: 0.01, critical: 0.1 },
  failedChecks: { warning: 0.001, critical: 0.01 },
  consumerLag: { warning: 100, critical: 1000 },
  consumerLagSeconds: { warning: 10, critical: 30 },
  cpu: { warning: 0.6, critical: 0.8 },
  memory: { warning: 0.8, critical: 0.9 },
} as const;

/** What must not happen at all. */
export const none = { warning: 1, critical: 1 } as const;
