import { HttpError } from '../../clients/http-error.ts';
import type { ActiveTarget, BuildInfo, Prometheus, Series } from '../../clients/prometheus.ts';
import type { Target } from '../../model/target.ts';
import type { Evidence } from './evidence.ts';
import { instancesOf, isDown, scrapesOf, upOf } from './up.ts';

/** Who answers, and what it scrapes of the config's targets. */
export interface Preflight {
  /** `Prometheus`, or what else it says it is. */
  readonly product: string;
  readonly version?: string;
  readonly targets: readonly TargetState[];
  /** What to know before reading on. */
  readonly notes: readonly string[];
}

export interface TargetState {
  readonly job: string;
  readonly instance?: string;
  readonly state: 'up' | 'down' | 'missing';
  /** What the last scrape of one that is down said. */
  readonly lastError?: string;
}

/** The version from which native histograms can be switched on in the configuration, as the stack does. */
const oldest = [3, 9] as const;

/**
 * Finds out whether there is a Prometheus that lets us in.
 *
 * @throws HttpError when there is none, so that no query needs to be tried
 */
export async function preflight(
  targets: readonly Target[],
  prometheus: Prometheus,
  evidence: Evidence,
): Promise<Preflight> {
  const { application: product = 'Prometheus', version, unknown } = await buildInfo(prometheus);
  const states = await targetStates(targets, evidence);
  const notes = [
    ...(unknown ? [`its version is not known: ${unknown}`] : []),
    ...(product === 'Prometheus'
      ? age(version)
      : [`it is not a Prometheus but ${product}: some reasons may be missing`]),
    ...(states instanceof HttpError ? [`what it scrapes is not known: ${states.message}`] : []),
  ];
  return { product, ...(version ? { version } : {}), targets: states instanceof HttpError ? [] : states, notes };
}

/** A proxy may let queries through and nothing else. */
async function buildInfo(prometheus: Prometheus): Promise<BuildInfo & { readonly unknown?: string }> {
  try {
    return await prometheus.buildInfo();
  } catch (error) {
    if (!(error instanceof HttpError) || ['network', 'redirect', 'timeout'].includes(error.failure)) throw error;
    return { unknown: error.message };
  }
}

async function targetStates(targets: readonly Target[], evidence: Evidence): Promise<TargetState[] | HttpError> {
  try {
    const up = await upOf(targets, evidence);
    const known = await evidence.targets();
    return targets.filter(({ scrape }) => scrape).flatMap((target) => statesOf(target, up, known));
  } catch (error) {
    // One that is slow or overloaded may have an answer for the next query.
    if (error instanceof HttpError && ['refused', 'timeout'].includes(error.failure)) return error;
    throw error;
  }
}

function statesOf(target: Target, up: readonly Series[], known: readonly ActiveTarget[]): TargetState[] {
  const { name: job, scrape } = target;
  const scrapes = scrapesOf(target, up).map((series): TargetState => {
    const { instance = '' } = series.metric;
    if (!isDown(series)) return { job, instance, state: 'up' };
    const found = known.find(({ labels }) => labels.job === job && labels.instance === instance);
    return { job, instance, state: 'down', ...(found?.lastError ? { lastError: found.lastError } : {}) };
  });
  const missing = instancesOf(target)
    .filter((instance) => !scrapes.some((scrape) => scrape.instance === instance))
    .map((instance): TargetState => ({ job, instance, state: 'missing' }));
  const all = [...scrapes, ...missing];
  return all.length || scrape?.comesAndGoes ? all : [{ job, state: 'missing' }];
}

function age(version: string | undefined): string[] {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version === undefined || major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return [];
  return [`it is older than ${oldest.join('.')}: percentiles from native histograms may be missing`];
}
