import { ask, numberOf } from './ask.ts';
import type { CheckResult } from './checks.ts';
import { type Asked, generatorIn, type Run } from './run.ts';
import { achievementsOf } from './scenario.ts';

/** What a runner counted itself, without what its setup asked for. */
export interface RunnerResult {
  /** Its number, as in the name of its pod. */
  readonly runner: string;
  /** Requests, or messages that were acknowledged. */
  readonly requests: number;
  /** Those whose answer was not the one expected. */
  readonly failed: number;
  readonly iterations: number;
  readonly dropped: number;
  /** Thresholds that its own part of the load broke; the verdict goes by the whole. */
  readonly broken: readonly string[];
  /** What it looked at beside. Not called checks: a runner of k6 counts its own under that name. */
  readonly findings?: readonly CheckResult[];
}

/** A runner that left no result, and why. */
export interface LostRunner {
  readonly runner: string;
  readonly missing: string;
}

/** All runners of a run, or why nothing is known of them. */
export type Fleet = readonly (RunnerResult | LostRunner)[] | { readonly missing: string };

/** Of two hundred runners that are all lost, a few make the point. */
const shown = 3;

/** Share of the requests that may be counted differently: the last ones of each runner are under way when it ends. */
const tolerance = 0.01;

/** Why what Prometheus has of a run is not what its runners did, or what they did is not what they were for. */
export async function lossesOf(
  fleet: Fleet,
  run: Run,
  prometheus: Asked,
  own: (query: string) => string,
): Promise<string[]> {
  if ('missing' in fleet) return [`nothing is known of what the runners did themselves: ${fleet.missing}`];
  const lost = fleet.filter((one) => 'missing' in one);
  if (lost.length) {
    const said = lost.map(({ runner, missing }) => `runner ${runner} left no result: ${missing}`);
    const rest = said.slice(shown);
    return rest.length ? [...said.slice(0, shown), `the same of ${rest.length} more`] : said;
  }
  if (fleet.length === 0) return ['there was no runner'];
  const missed = achievementsOf(run.scenario ?? '').filter((one) =>
    fleet.every((runner) => 'broken' in runner && runner.broken.includes(one)),
  );
  if (missed.length) return missed.map((one) => `it has not tested what it is for: ${one} was broken at every runner`);
  const made = fleet.reduce((sum, one) => sum + ('requests' in one ? one.requests : 0), 0);
  const { counts, counted } = generatorIn(run);
  const [series] = await ask(own(counted), run, prometheus);
  const stored = series ? numberOf(series) : 0;
  if (Math.abs(stored - made) <= tolerance * made) return [];
  return [
    stored < made
      ? `Prometheus has ${stored} of ${made} ${counts}: samples were lost on the way`
      : `Prometheus has ${stored} ${counts}, and the runners made ${made}: somebody else pushes under the id of this run`,
  ];
}
