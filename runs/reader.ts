import mysql, { type Connection, type ConnectionOptions, type RowDataPacket, type TypeCastField } from 'mysql2/promise';
import type { Database } from './plan.ts';

/** Seconds until a connection has to be there. */
const connecting = 10;

/** Seconds after which the server ends what it was not asked of any more, beside those of a statement. */
const idle = 60;

/** Types of columns that hold a number. */
const numeric = ['TINY', 'SHORT', 'INT24', 'LONG', 'LONGLONG', 'DECIMAL', 'NEWDECIMAL', 'FLOAT', 'DOUBLE'];

/** What MySQL and MariaDB call the end of a statement that took too long. */
const ranOutOfTime = [3024, 1969];

interface Cell {
  readonly type: string;
  readonly text: string | null;
}

/** Asks a database for numbers, by one connection that can change nothing. */
export class Reader {
  readonly #database: Database | undefined;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #longest: number;
  #connection: Connection | undefined;

  /**
   * @param environment where the variables of the database are
   * @param longest seconds that a statement may take
   */
  constructor(
    database: Database | undefined,
    environment: Readonly<Record<string, string | undefined>>,
    longest: number,
  ) {
    this.#database = database;
    this.#environment = environment;
    this.#longest = longest;
  }

  /**
   * The number that each of the statements answers, all of the same moment.
   *
   * @throws Error with why there is none, which holds no password
   */
  async numbers(statements: readonly string[], database: string): Promise<number[]> {
    try {
      this.#connection ??= await this.#connect();
      await this.#ask(`USE ${mysql.escapeId(database, true)}`);
      await this.#ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const numbers: number[] = [];
      for (const statement of statements) numbers.push(numberIn(await this.#ask(statement)));
      await this.#ask('ROLLBACK');
      return numbers;
    } catch (error) {
      // With it goes the transaction; the next try begins anew.
      await this.close();
      throw new Error(this.#shown(error as NodeJS.ErrnoException));
    }
  }

  async close(): Promise<void> {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  async #connect(): Promise<Connection> {
    if (!this.#database) throw new Error('no account is known for it');
    const { address, userVariable, passwordVariable } = this.#database;
    const options: ConnectionOptions = {
      ...address,
      user: this.#setting(userVariable),
      password: this.#setting(passwordVariable),
      connectTimeout: connecting * 1000,
      charset: 'utf8mb4',
      rowsAsArray: true,
      typeCast: (field: TypeCastField): Cell => ({ type: field.type, text: field.string() }),
    };
    // As the exporter does: encrypted where the server can, whoever signed its certificate.
    const connection = await mysql
      .createConnection({ ...options, ssl: { rejectUnauthorized: false } })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
        return mysql.createConnection(options);
      });
    // What breaks while nothing is asked is found by the next statement.
    connection.on('error', () => {});
    this.#connection = connection;
    await this.#ask('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    // Of more than one row, a second is enough to know. The limit of a statement has two names: MariaDB passes over what is
    // for MySQL 5.7, and MySQL over what is for MariaDB.
    await this.#ask(
      `SET SESSION sql_select_limit = 2, wait_timeout = ${idle}, lock_wait_timeout = ${this.#longest}` +
        ` /*!50708 , max_execution_time = ${this.#longest * 1000} */ /*M!100101 , max_statement_time = ${this.#longest} */`,
    );
    return connection;
  }

  /** The rows that a statement answers. */
  async #ask(sql: string): Promise<RowDataPacket[][]> {
    if (!this.#connection) throw new Error('the connection is closed');
    // For a server that keeps none of its own limits. That of the client's library goes on when the connection breaks.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(this.#tooLong)), (this.#longest + connecting) * 1000);
    });
    try {
      const [rows] = await Promise.race([this.#connection.query<RowDataPacket[][]>(sql), late]);
      return rows;
    } finally {
      clearTimeout(timer);
    }
  }

  #setting(name: string): string {
    const value = this.#environment[name];
    if (value === undefined) throw new Error(`the environment variable ${name} is not set`);
    return value;
  }

  get #tooLong(): string {
    return `it takes longer than ${this.#longest} s`;
  }

  #shown({ errno = 0, code, message }: NodeJS.ErrnoException): string {
    if (ranOutOfTime.includes(errno)) return this.#tooLong;
    const password = this.#environment[this.#database?.passwordVariable ?? ''];
    const said = code && !message.includes(code) ? `${code}: ${message}` : message;
    return password ? said.replaceAll(password, '***') : said;
  }
}

/** The one number of the one row. */
function numberIn(rows: readonly (readonly unknown[])[]): number {
  const cells = (rows[0] ?? []) as readonly Cell[];
  const [cell] = cells;
  if (!cell) throw new Error('its SQL answers no row');
  if (rows.length > 1) throw new Error('its SQL answers more than one row');
  if (cells.length > 1) throw new Error(`its SQL answers ${cells.length} columns, not one`);
  if (cell.text === null) throw new Error('its SQL answers NULL; COALESCE(..., 0) is 0 in its place');
  if (!numeric.includes(cell.type)) throw new Error('its SQL answers what is no number');
  return Number(cell.text);
}
