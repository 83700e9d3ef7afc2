import { keepsConnections, type Short } from './candidates.ts';
import * as least from './thresholds.ts';

/** Resources of one service that a shortage of another makes short, such as a loop that comes late for want of CPU. */
const within: Readonly<Record<string, readonly string[]>> = {
  'jvm-heap': ['cpu', 'memory', 'event-loop', 'hikari-pool', 'tomcat-threads'],
  cpu: ['event-loop', 'hikari-pool', 'tomcat-threads', 'memory'],
  'event-loop': ['hikari-pool', 'tomcat-threads'],
  'hikari-pool': ['tomcat-threads'],
};

/** What a data system's shortage does to others: what is not in the cache is looked for in the database. */
const beyond: Readonly<Record<string, readonly string[]>> = {
  'redis-memory': ['cpu', 'mysql-buffer-pool', 'mysql-connections'],
};

/** Whether one shortage is reason enough for another: queues fill up in front of what is slow. */
export function explains(cause: Short, effect: Short): boolean {
  if (!cause.isAtKnee || cause === effect) return false;
  const late = (cause.crossedAt ?? 0) - (effect.crossedAt ?? Number.POSITIVE_INFINITY) > least.lateness;
  if (late) return false;
  return (
    ofOneService(cause, effect) ||
    inFrontOfSystem(cause, effect) ||
    ofOneSystem(cause, effect) ||
    ofTheNode(cause, effect) ||
    stillLoop(cause, effect)
  );
}

function ofOneService(cause: Short, effect: Short): boolean {
  if (cause.holder.service === undefined || cause.holder.service !== effect.holder.service) return false;
  // A collector that gets no CPU pauses for longer; one whose heap is full burns it.
  const heapIsFull = (short: Short) =>
    short.facets.some(({ facet, peak }) => facet === 'utilization' && peak >= least.knee.at);
  if (cause.resource === 'cpu' && effect.resource === 'jvm-heap') return !heapIsFull(effect);
  if (cause.resource === 'jvm-heap' && !heapIsFull(cause) && effect.resource !== 'event-loop') return false;
  // A pool is small by itself, where requests wait for it more than for all else.
  if (effect.resource === 'hikari-pool' && cause.direct < effect.direct) return false;
  return within[cause.resource]?.includes(effect.resource) ?? false;
}

/** A pool is empty where its connections are held for longer, and threads are busy that wait for a system. */
const inFrontOfSystem = (cause: Short, effect: Short): boolean =>
  cause.holder.system !== undefined &&
  cause.stage !== null &&
  cause.direct >= least.stageGrown.share &&
  ((effect.resource === 'hikari-pool' && keepsConnections(cause.holder)) || effect.resource === 'tomcat-threads');

/** In one stage the furthest from the user is the cause, unless it came to its knee clearly later. */
function ofOneSystem(cause: Short, effect: Short): boolean {
  if (!cause.holder.system || !effect.holder.system) return false;
  if (beyond[cause.resource]?.includes(effect.resource)) return true;
  if (cause.holder.system.instance !== effect.holder.system.instance) return false;
  const [here, there] = [cause.crossedAt ?? 0, effect.crossedAt ?? Number.POSITIVE_INFINITY];
  if (Math.abs(here - there) > least.lateness) return here < there;
  return (cause.depth ?? 0) > (effect.depth ?? 0);
}

/** A node that is busy with what one of its containers does. */
const ofTheNode = (cause: Short, effect: Short): boolean =>
  effect.resource === 'node-cpu' && ['cpu', 'jvm-heap', 'event-loop'].includes(cause.resource);

/** A process that stands still, and not for want of CPU, keeps its transactions open, and the rows that they lock. */
const stillLoop = (cause: Short, effect: Short): boolean =>
  cause.resource === 'event-loop' && effect.resource === 'mysql-row-locks';
