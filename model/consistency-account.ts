import type { Config } from './config.ts';
import { asksSql, type ConsistencyCheck } from './consistency.ts';

/** Who asks the SQL of consistency checks on a server. */
export interface CheckAccount {
  /** What a check finds it by: `accountKey` of the check. */
  readonly key: string;
  /** The entry of `mysql`. */
  readonly instance: string;
  /** host:port */
  readonly address: string;
  /** Secret that holds its `username` and `password`. */
  readonly secret: string;
  /** What it is asked about, and where it is made for the checks, all that it may read. */
  readonly databases: readonly string[];
  /** Secret of the user who makes it; left out: it exists. */
  readonly adminSecret?: string;
  /** Environment variables of the coordinator that hold its name and its password. */
  readonly userVariable: string;
  readonly passwordVariable: string;
}

/** Who the checks are on a server where their user is made for them. */
export const checksUser = 'loadscope_checks';

/**
 * Two checks of one server may be asked by two users, each of which sees other databases: so an account goes by the
 * server, and by the Secret where a check names one. No name of a server has a "/".
 */
export const accountKey = ({ mysql = '', credentialsSecret }: ConsistencyCheck): string =>
  credentialsSecret === undefined ? mysql : `${mysql}/${credentialsSecret}`;

/** The accounts that consistency checks need, in the order of the checks. What has none is a mistake of the config. */
export function checkAccounts({ mysql, consistency }: Pick<Config, 'mysql' | 'consistency'>): CheckAccount[] {
  const accounts = new Map<string, CheckAccount>();
  for (const check of consistency) {
    const server = mysql.find(({ name }) => name === check.mysql);
    const { credentialsSecret, database } = check;
    if (!asksSql(check) || !server || database === undefined) continue;
    if (!credentialsSecret && !server.adminSecret) continue;
    const key = accountKey(check);
    const { databases = [] } = accounts.get(key) ?? {};
    const number = [...accounts.keys(), key].indexOf(key) + 1;
    accounts.set(key, {
      key,
      instance: server.name,
      address: server.address,
      secret: credentialsSecret ?? `mysql-checks-${server.name}`,
      databases: [...new Set([...databases, database])],
      ...(credentialsSecret ? {} : { adminSecret: server.adminSecret }),
      userVariable: `DATABASE_${number}_USERNAME`,
      passwordVariable: `DATABASE_${number}_PASSWORD`,
    });
  }
  return [...accounts.values()];
}
