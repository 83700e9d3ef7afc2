import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultName } from '../../demo/faults.ts';
import { recordName } from '../../runs/names.ts';
import { recordOf } from '../../runs/record.ts';
import { loadscope } from './command.ts';
import { eventually } from './eventually.ts';
import { kubectl, kubectlJson } from './kubectl.ts';
import { launch } from './launch.ts';
import { Shop } from './shop.ts';

/** A load under which a fault is felt: it has to need what the fault takes away. */
interface Load {
  readonly loadTest: string;
  readonly set: Readonly<Record<string, string>>;
  /** Of the fault. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** CPU that MySQL may take in this run, where its usual limit is more than the load can need. */
  readonly mysqlCpu?: string;
}

/** Seconds of load before the fault, and with it. */
export interface Course {
  readonly before: number;
  readonly with: number;
}

const journey: Load = { loadTest: 'demo-shopping-journey', set: { vus: '12', thinkMs: '200' } };

/** Seconds in which what it did is still felt. */
const after = 5;

const loads: Partial<Record<FaultName, Load>> = {
  // Products come from the cache, their reviews do not.
  'missing-index': { loadTest: 'demo-database-heavy', set: { vus: '20', thinkMs: '50' } },
  // More than stays in the cache.
  'redis-memory': {
    loadTest: 'demo-browse',
    set: { vus: '40', thinkMs: '100' },
    parameters: { headroomKiB: 1 },
  },
  // A database that is as large as its cache lets it be.
  'cache-off': { loadTest: 'demo-browse', set: { vus: '40', thinkMs: '100' }, mysqlCpu: '200m' },
  // Twice as many orders as the quota lets through.
  'throttled-broker': { loadTest: 'demo-shopping-journey', set: { vus: '20', thinkMs: '200' } },
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
  const load = (fault && loads[fault]) ?? journey;
  const shop = new Shop(`${namespace}-demo`);
  const testid = `${fault ?? 'healthy'}-${Date.now().toString(36)}`;
  const usual = load.mysqlCpu && (await limitMysql(shop, load.mysqlCpu));
  try {
    await launch(namespace, testid, load.loadTest, {
      set: { ...load.set, duration: `${course.before + course.with + after}s` },
    });
    await disturb(namespace, shop, testid, course, fault && { on: fault, parameters: load.parameters ?? {} });
    await loadscope('status', testid, '--wait', '--namespace', namespace);
  } finally {
    if (usual) await limitMysql(shop, usual);
  }
  return testid;
}

/** Lets a fault come into a run and go again. */
async function disturb(
  namespace: string,
  shop: Shop,
  testid: string,
  course: Course,
  fault: Parameters<Shop['fault']>[0] | undefined,
): Promise<void> {
  const elapsed = async () => {
    const { status } = recordOf(await kubectlJson('-n', namespace, 'get', 'configmap', recordName(testid)));
    if (status.stage !== 'load') throw new Error(`${testid} is in stage ${status.stage}`);
    return status.elapsed;
  };
  const soFar = await eventually(120, elapsed);
  // The fault comes at a time of the run, as the next ones of a schedule would, and not when something is seen.
  await sleep((course.before - soFar) * 1000);
  try {
    if (fault) await shop.fault(fault);
    await sleep(course.with * 1000);
  } finally {
    await shop.fault('off');
  }
}

/** Starts MySQL anew with another limit of CPU; the one before. */
async function limitMysql(shop: Shop, cpu: string): Promise<string> {
  const inShop = (...args: string[]) => kubectl('-n', shop.namespace, ...args);
  const limit = '{.spec.template.spec.containers[0].resources.limits.cpu}';
  const before = await inShop('get', 'statefulset/mysql', '--output', `jsonpath=${limit}`);
  await inShop('set', 'resources', 'statefulset/mysql', '--containers=mysql', `--limits=cpu=${cpu}`);
  await inShop('rollout', 'status', 'statefulset/mysql', '--timeout=180s');
  const { url, close } = await shop.gateway();
  try {
    await eventually(60, async () => {
      const { status } = await fetch(`${url}/api/v1/products?page=0&size=20`);
      if (status !== 200) throw new Error(`the shop answers ${status} after a restart of MySQL`);
    });
  } finally {
    close();
  }
  return before;
}
