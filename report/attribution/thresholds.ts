/** From where on something counts, all in one place. Times are in seconds, shares from 0 to 1. */

/** For how long a sign or a pressure has to hold, and over how long a gap it is still one stretch. */
export const sustained = { seconds: 20, gap: 15 };

/** Latency has grown: this many times and to this much, or this many times and by this much. */
export const latencyGrown = { factor: 1.5, seconds: 0.1, strongFactor: 2, strongSeconds: 0.01 };

/** What a run is like before it has warmed up is no degradation, where it is over in this share of the run. */
export const warmUpShare = 0.4;

/** Throughput stands still: at most this much more of it from this many times the virtual users. */
export const throughputStalled = { vus: 1.25, requests: 1.05 };

/** Errors have grown: to this share of the answers, and this many times. */
export const errorsGrown = { ratio: 0.01, factor: 2 };

/** A backlog has grown: to as many messages, and this many times. */
export const lagGrown = { messages: 100, factor: 3 };

/** How long before the degradation there has to be something, for it to be the baseline. */
export const baselineSeconds = 30;

/** Else it is what the run was at its best, by this quantile of each series. */
export const baselineQuantile = 0.1;

/**
 * Where a resource is at its knee, which rates over a minute reach late and rules put at 1; and where it is so near that it
 * may be what a stage waits for.
 */
export const knee = { at: 0.9, near: 0.6 };

/** From where on a load generator makes a run invalid. */
export const generatorSaturated = 1;

/**
 * How much of the degradation a resource has to spend at its knee, and how many times nearer to it it has to be than
 * before: more so where it was there before.
 */
export const atKnee = { share: 0.2, rise: 1.2, riseFromKnee: 2 };

/** What a stage has to have of the growth to be told of, and times it takes as long as before. */
export const stageGrown = { share: 0.1, factor: 1.3 };

/** Less than this, in seconds and of what a request took before, is no growth that could be divided among stages. */
export const negligible = { seconds: 0.001, share: 0.1 };

/** Of what no resource explains: the share of growth that one service has to have for itself. */
export const unmeasured = { share: 0.4, factor: 1.5 };

/** How long before a restart a full heap or memory is taken for its cause. */
export const beforeRestart = 120;

/**
 * How much later than the degradation a cause may seem to cross its knee: services are scraped, and their rates look
 * back over a minute, while load generators push.
 */
export const lateness = 60;

/** What makes a finding certain; each that is missing takes from it. What explains less than `least` is not named. */
export const certain = { share: 0.5, least: 0.3, timeAtKnee: 0.5, margin: 2 };

/** So many missing criteria still are a finding of medium confidence; more are low. */
export const mostMissing = { high: 0, medium: 2, low: 3 };
