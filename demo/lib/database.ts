import type { Socket } from 'node:net';
import { handleWhen, isBrokenCircuitError } from 'cockatiel';
import mysql, { type Pool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { unavailable } from './errors.ts';
import { Limiter } from './limiter.ts';
import type { Guard, Resilience } from './resilience.ts';
import { setting } from './settings.ts';
import type { Telemetry } from './telemetry.ts';
import { traced } from './tracing.ts';

/** As many as Hikari has unless told otherwise. */
export const defaultPoolSize = 10;

/** Milliseconds to wait for a connection. */
const acquireTimeout = 3000;

/** The name that Hikari gives to the first pool of a process, and there is one. */
const pool = { pool: 'HikariPool-1' };

export type Value = string | number | null;

/** What can be asked of a connection. */
export interface Session {
  /** The rows of a SELECT. */
  rows<Row>(sql: string, values?: readonly (Value | readonly Value[])[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  change(sql: string, values?: readonly (Value | readonly Value[])[]): Promise<number>;
}

/** Another transaction was in the way or came first; this one is rolled back, and made again finds what is there. */
const isConflict = (error: Error) =>
  ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY'].includes((error as NodeJS.ErrnoException).code ?? '');

/** The connection is gone, or never came about: what was asked may be asked again on another. */
const isUnreachable = (error: Error & { code?: string; fatal?: boolean }) =>
  error.fatal === true ||
  ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ER_SERVER_SHUTDOWN'].includes(
    error.code ?? '',
  );

/** MySQL behind a pool of connections, measured under Hikari's names. */
export class Database {
  readonly #telemetry: Telemetry;
  readonly #pool: Pool;
  readonly #permits: Limiter;
  readonly #acquired;
  readonly #used;
  readonly #timeouts;
  readonly #guard: Guard;
  #open = 0;

  constructor(telemetry: Telemetry, resilience: Resilience) {
    this.#telemetry = telemetry;
    this.#permits = new Limiter(defaultPoolSize);
    this.#pool = mysql.createPool({
      host: setting('MYSQL_HOST'),
      user: setting('MYSQL_USER'),
      password: setting('MYSQL_PASSWORD'),
      database: setting('MYSQL_DATABASE'),
      // The permits are the limit, since they can be changed and time out.
      connectionLimit: 1000,
      maxIdle: defaultPoolSize,
      idleTimeout: 10_000,
      connectTimeout: acquireTimeout,
      charset: 'utf8mb4',
      decimalNumbers: true,
    });
    this.#pool.on('connection', (connection) => {
      this.#open += 1;
      // Without locks on the gaps between rows: one who reads the end of a table would hold up who writes there.
      connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
      // 'end' would come only from a server that says goodbye.
      (connection as unknown as { stream: Socket }).stream.once('close', () => {
        this.#open -= 1;
      });
    });
    this.#guard = resilience.guard('mysql', {
      failures: handleWhen(isUnreachable),
      repeatable: (error) => isConflict(error) || isUnreachable(error),
    });

    const { meters } = telemetry;
    meters.gauges(pool, {
      hikaricp_connections: ['Connections that are open.', () => this.#open],
      hikaricp_connections_active: ['Connections in use.', () => this.#permits.active],
      hikaricp_connections_idle: [
        'Connections open and not in use.',
        () => Math.max(this.#open - this.#permits.active, 0),
      ],
      hikaricp_connections_pending: ['How many wait for a connection.', () => this.#permits.waiting],
      hikaricp_connections_max: ['Connections at most.', () => this.#permits.limit],
      hikaricp_connections_min: ['Connections at least.', () => 0],
    });
    this.#acquired = meters.timer({
      name: 'hikaricp_connections_acquire_seconds',
      help: 'Time to get a connection.',
      labels: ['pool'],
      histogram: true,
    });
    this.#used = meters.timer({
      name: 'hikaricp_connections_usage_seconds',
      help: 'Time that a connection was held.',
      labels: ['pool'],
    });
    this.#timeouts = meters.counter('hikaricp_connections_timeout_total', 'Waits for a connection that were in vain.', [
      'pool',
    ]);
    this.#timeouts.inc(pool, 0);
  }

  /** How long a connection stays taken when its work is done, as by those who give it back with the response; milliseconds. */
  heldMs = 0;

  set size(size: number) {
    this.#permits.limit = size;
  }

  /** For health checks and faults: waits for no permit, which the very thing they are about may hold. */
  async aside<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const connection = await this.#pool.getConnection();
    try {
      return await work(this.#session(connection));
    } finally {
      connection.release();
    }
  }

  rows<Row>(sql: string, values?: readonly (Value | readonly Value[])[]): Promise<Row[]> {
    return this.#guarded(() => this.#connected((session) => session.rows<Row>(sql, values)));
  }

  /** A statement that does no harm when it is made twice. */
  change(sql: string, values?: readonly (Value | readonly Value[])[]): Promise<number> {
    return this.#guarded(() => this.#connected((session) => session.change(sql, values)));
  }

  /**
   * Everything or nothing. Made again when another transaction was in the way, or the server was not
   * reached; so the work must bear to be made twice, also where the first time was committed unheard.
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#guarded(() =>
      this.#connected(async (session, connection) => {
        await connection.beginTransaction();
        try {
          const result = await work(session);
          await connection.commit();
          return result;
        } catch (error) {
          // A connection that is gone has rolled back by itself; what it failed of is the news.
          await connection.rollback().catch(() => connection.destroy());
          throw error;
        }
      }),
    );
  }

  async #guarded<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await this.#guard(call, { repeat: true });
    } catch (error) {
      if (isBrokenCircuitError(error) || isUnreachable(error as Error)) throw unavailable('MySQL', error);
      throw error;
    }
  }

  async #connected<T>(work: (session: Session, connection: PoolConnection) => Promise<T>): Promise<T> {
    const asked = process.hrtime.bigint();
    const since = (start: bigint) => Number(process.hrtime.bigint() - start) / 1e9;
    try {
      await this.#permits.acquire(acquireTimeout);
    } catch (error) {
      this.#timeouts.inc(pool);
      throw error;
    }
    let connection: PoolConnection;
    try {
      connection = await this.#pool.getConnection();
    } catch (error) {
      this.#permits.release();
      throw error;
    }
    this.#acquired.record(pool, since(asked));
    const got = process.hrtime.bigint();
    try {
      return await work(this.#session(connection), connection);
    } catch (error) {
      // One whose server went away would come back from the pool.
      if (isUnreachable(error as Error)) connection.destroy();
      throw error;
    } finally {
      const giveBack = () => {
        connection.release();
        this.#used.record(pool, since(got));
        this.#permits.release();
      };
      if (this.heldMs) setTimeout(giveBack, this.heldMs);
      else giveBack();
    }
  }

  #session(connection: PoolConnection): Session {
    const query = <Result extends RowDataPacket[] | ResultSetHeader>(
      sql: string,
      values: readonly (Value | readonly Value[])[] = [],
    ) =>
      traced(
        this.#telemetry.tracer,
        { name: sql.trim().split(/\s/, 1)[0] ?? 'SQL', attributes: { 'peer.service': 'mysql', 'db.statement': sql } },
        async () => (await connection.query<Result>(sql, [...values]))[0],
      );
    return {
      rows: async <Row>(sql: string, values?: readonly (Value | readonly Value[])[]) =>
        (await query<RowDataPacket[]>(sql, values)) as Row[],
      change: async (sql, values) => (await query<ResultSetHeader>(sql, values)).affectedRows,
    };
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
