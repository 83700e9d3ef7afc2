import { pbkdf2Sync } from 'node:crypto';
import type { Cache } from '../../lib/cache.ts';
import { type Database, defaultPoolSize } from '../../lib/database.ts';
import { notFound } from '../../lib/errors.ts';
import { setProducerQuota } from '../../lib/kafka-quota.ts';
import { setting } from '../../lib/settings.ts';
import type { SwitchesOf } from '../../lib/switches.ts';
import { reviewsIndex } from '../../seed/schema.ts';
import type { HotRow } from './orders.ts';

/** Kept in Redis, so that it outlives this process; without a time to live, so that it is not evicted. */
const memoryBefore = 'fault:maxmemory';

/** What the faults of shopping-service do to it and to its systems. */
export class ShoppingFaults {
  hotRow: HotRow | undefined;
  #rounds = 0;
  #failing = 0;
  #leak: NodeJS.Timeout | undefined;
  #leaked: number[][] = [];
  #stalls: NodeJS.Timeout | undefined;
  readonly switches: SwitchesOf<'shopping-service'>;

  constructor(service: string, database: Database, cache: Cache) {
    const { redis } = cache;
    const broker = setting('KAFKA_BROKERS').split(',')[0] ?? '';
    this.switches = {
      'connection-pool': {
        on: ({ size = 1, heldMs = 0 }) => {
          database.size = size;
          database.heldMs = heldMs;
        },
        off: () => {
          database.size = defaultPoolSize;
          database.heldMs = 0;
        },
      },
      'missing-index': {
        on: () => alterReviews(database, `DROP INDEX ${reviewsIndex} ON reviews`),
        off: () => alterReviews(database, `CREATE INDEX ${reviewsIndex} ON reviews (product_id)`),
      },
      'row-lock': {
        on: async ({ productId = 1, holdMs = 0 }) => {
          const [product] = await database.aside((session) =>
            session.rows('SELECT 1 FROM products WHERE id = ?', [productId]),
          );
          if (!product) throw notFound(`product ${productId}`);
          this.hotRow = { productId, holdMs };
        },
        off: () => {
          this.hotRow = undefined;
        },
      },
      'redis-memory': {
        on: async ({ headroomKiB = 0 }) => {
          const [, limit = '0'] = (await redis.config('GET', 'maxmemory')) as string[];
          await redis.set(memoryBefore, limit, 'NX');
          const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
          await redis.config('SET', 'maxmemory', used + headroomKiB * 1024);
        },
        off: async () => {
          const limit = await redis.get(memoryBefore);
          if (limit === null) return;
          await redis.config('SET', 'maxmemory', limit);
          await redis.del(memoryBefore);
        },
      },
      'cache-off': {
        on: () => {
          cache.enabled = false;
        },
        off: () => {
          cache.enabled = true;
        },
      },
      'throttled-broker': {
        on: ({ bytesPerSecond = 1 }) => setProducerQuota(broker, service, bytesPerSecond),
        off: () => setProducerQuota(broker, service),
      },
      'cpu-limit': {
        on: ({ rounds = 0 }) => {
          this.#rounds = rounds;
        },
        off: () => {
          this.#rounds = 0;
        },
      },
      'memory-leak': {
        on: ({ mebibytesPerSecond = 0 }) => {
          clearInterval(this.#leak);
          this.#leak = setInterval(() => this.#leaked.push(mebibytes(mebibytesPerSecond)), 1000);
        },
        off: () => {
          clearInterval(this.#leak);
          this.#leaked = [];
        },
      },
      'event-loop-stalls': {
        on: ({ everyMs = 1000, stallMs = 0 }) => {
          clearInterval(this.#stalls);
          // Stands still without using CPU, so that nothing else runs out.
          const never = new Int32Array(new SharedArrayBuffer(4));
          this.#stalls = setInterval(() => Atomics.wait(never, 0, 0, stallMs), everyMs);
        },
        off: () => clearInterval(this.#stalls),
      },
      'error-burst': {
        on: ({ percent = 0 }) => {
          this.#failing = percent / 100;
        },
        off: () => {
          this.#failing = 0;
        },
      },
    };
  }

  /** What a request goes through first. */
  before = async (): Promise<void> => {
    if (this.#rounds) pbkdf2Sync('work', 'salt', this.#rounds, 32, 'sha256');
    if (Math.random() < this.#failing) throw new IllegalStateError('fault error-burst');
  };
}

class IllegalStateError extends Error {
  override readonly name = 'IllegalStateException';
}

/** Numbers on the heap; 131,072 of them are a MiB. */
const mebibytes = (count: number): number[] => Array.from({ length: count * 131_072 }, () => Math.random());

/** Another pod may have been faster: what is done already is done. */
async function alterReviews(database: Database, statement: string): Promise<void> {
  try {
    await database.aside((session) => session.change(statement));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ER_DUP_KEYNAME', 'ER_CANT_DROP_FIELD_OR_KEY'].includes(code)) throw error;
  }
}
