import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultName } from '../../demo/faults.ts';
import { recordName } from '../../runs/names.ts';
import { recordOf } from '../../runs/record.ts';
import { loadscope } from './command.ts';
import { eventually } from './eventually.ts';
import { kubectlJson } from './kubectl.ts';
import { launch } from './launch.ts';
import { Shop } from './shop.ts';

/** A load under which a fault is felt: it has to need what the fault takes away. */
interface Load {
  readonly loadTest: string;
  readonly set: Readonly<Record<string, string>>;
  /** Of the fault. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Seconds of load before the fault, and with it. */
export interface Course {
  readonly before: number;
  readonly with: number;
}

const journey: Load = { loadTest: 'demo-shopping-journey', set: { vus: '12', thinkMs: '200' } };
/** What holds connections for long enough that one is too few. */
const database: Load = { loadTest: 'demo-database-heavy', set: { vus: '20', thinkMs: '50' } };
/** More than stays in the cache. */
const busy = { vus: '40', thinkMs: '100' };
/** Seconds in which what it did is still felt. */
const after = 5;

const loads: Partial<Record<FaultName, Load>> = {
  'connection-pool': database,
  // Products come from the cache, their reviews do not.
  'missing-index': database,
  'redis-memory': { loadTest: 'demo-browse', set: busy, parameters: { headroomKiB: 1 } },
  'cache-off': { loadTest: 'demo-browse', set: busy },
  // Enough orders to be more than the quota.
  'throttled-broker': { loadTest: 'demo-shopping-journey', set: busy },
  'memory-leak': { ...journey, parameters: { mebibytesPerSecond: 5 } },
  'slow-downstream': { loadTest: 'demo-weighted-mix', set: { vus: '12', thinkMs: '200' } },
};

/**
 * A run of the demo into which a fault comes when it has gone well for a while.
 *
 * @param namespace of the stack
 * @param fault undefined: none comes
 * @param course as long as a run is that leaves no doubt, unless given
 * @returns the id of the run, when its verdict is known
 */
export async function faultyRun(
  namespace: string,
  fault: FaultName | undefined,
  course: Course = { before: 50, with: 75 },
): Promise<string> {
  const { loadTest, set, parameters } = (fault && loads[fault]) ?? journey;
  const shop = new Shop(`${namespace}-demo`);
  const testid = `${fault ?? 'healthy'}-${Date.now().toString(36)}`;
  const duration = `${course.before + course.with + after}s`;
  await launch(namespace, testid, loadTest, { set: { ...set, duration } });
  const elapsed = async () => {
    const { status } = recordOf(await kubectlJson('-n', namespace, 'get', 'configmap', recordName(testid)));
    if (status.stage !== 'load') throw new Error(`${testid} is in stage ${status.stage}`);
    return status.elapsed;
  };
  const soFar = await eventually(120, elapsed);
  // The fault comes at a time of the run, as the next ones of a schedule would, and not when something is seen.
  await sleep((course.before - soFar) * 1000);
  try {
    if (fault) await shop.fault({ on: fault, ...(parameters ? { parameters } : {}) });
    await sleep(course.with * 1000);
  } finally {
    await shop.fault('off');
  }
  await loadscope('status', testid, '--wait', '--namespace', namespace);
  return testid;
}
