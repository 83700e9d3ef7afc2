import { handleAll } from 'cockatiel';
import { type Command, Redis } from 'ioredis';
import type { Timer } from './meters.ts';
import type { Guard, Resilience } from './resilience.ts';
import { setting } from './settings.ts';
import type { Telemetry } from './telemetry.ts';

type CommandTimer = Timer<'command' | 'local' | 'remote'>;

/** Redis, with each command measured as Lettuce does. */
class MeasuredRedis extends Redis {
  // Not a private field: the base class sends commands before fields of this class exist.
  timer?: CommandTimer;
  /** A command that waited for a connection is sent a second time. */
  seen?: WeakSet<Command>;

  override sendCommand(command: Command, ...rest: never[]): unknown {
    this.seen ??= new WeakSet();
    if (this.seen.has(command)) return super.sendCommand(command, ...rest);
    this.seen.add(command);
    const started = process.hrtime.bigint();
    const { host, port } = this.options;
    const record = () =>
      this.timer?.record(
        { command: command.name.toUpperCase(), local: 'local:any', remote: `${host}:${port}` },
        Number(process.hrtime.bigint() - started) / 1e9,
      );
    void command.promise.then(record, record);
    return super.sendCommand(command, ...rest);
  }
}

/** A cache that a service can do without: what fails is a miss, behind a circuit breaker. */
export class Cache {
  readonly redis: Redis;
  readonly #guard: Guard;
  readonly #log: Telemetry['log'];
  /** Off: everything is loaded, and nothing is kept. */
  enabled = true;

  constructor({ meters, log }: Telemetry, resilience: Resilience) {
    this.#log = log;
    const redis = new MeasuredRedis(setting('REDIS_URL'), {
      maxRetriesPerRequest: 1,
      commandTimeout: 1000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1000) * (0.5 + Math.random()),
    });
    redis.timer = meters.timer({
      name: 'lettuce_command_completion_seconds',
      help: 'Time until Redis answered a command.',
      labels: ['command', 'local', 'remote'],
    });
    redis.on('error', (error: Error) => log.warn(`redis: ${error.message}`));
    this.redis = redis;
    this.#guard = resilience.guard('redis', { failures: handleAll });
  }

  /** The kept value, or else what `load` gives, which is then kept for `seconds`. */
  async through<T>(key: string, seconds: number, load: () => Promise<T>): Promise<T> {
    if (!this.enabled) return load();
    const kept = await this.attempt('GET', () => this.redis.get(key));
    if (kept) return JSON.parse(kept) as T;
    const value = await load();
    await this.attempt('SET', () => this.redis.set(key, JSON.stringify(value), 'EX', seconds));
    return value;
  }

  /** Something that is not vital: nothing when it fails. */
  async attempt<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#guard(call, { repeat: false });
    } catch (error) {
      this.#log.debug(`redis ${what}: ${(error as Error).message}`);
      return undefined;
    }
  }

  close(): void {
    this.redis.disconnect();
  }
}
