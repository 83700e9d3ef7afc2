import { plain } from '../../clients/plain.ts';
import type { Sockets } from './kafka-client.ts';
import { BotError, type Connection } from './options.ts';

/** What kafkajs throws, as far as it is looked at. */
interface ClientError extends Error {
  readonly type?: string;
  readonly cause?: ClientError;
  readonly errors?: readonly ClientError[];
}

/** What the brokers refused, in words; `what` is what was asked of them. */
const refusals: Readonly<Record<string, (what: string, user: string) => string>> = {
  ILLEGAL_SASL_STATE: () =>
    'the brokers want no credentials at this port: leave --sasl-mechanism out, or name another port',
  UNSUPPORTED_SASL_MECHANISM: () => 'the brokers do not offer the mechanism of --sasl-mechanism',
  TOPIC_AUTHORIZATION_FAILED: (what, user) =>
    `the brokers do not let ${user} ${what}: it needs that right for the topic`,
  GROUP_AUTHORIZATION_FAILED: (what, user) =>
    `the brokers do not let ${user} ${what}: it needs that right for the group`,
  CLUSTER_AUTHORIZATION_FAILED: (what, user) =>
    `the brokers do not let ${user} ${what}: it needs that right for the cluster`,
  UNKNOWN_TOPIC_OR_PARTITION: (what) => `the brokers cannot ${what}: there is no such topic`,
  INVALID_TOPIC_EXCEPTION: (what) => `cannot ${what}: that is no name for a topic`,
};

/** An error of kafkajs in one line for people. */
export function clusterError(thrown: unknown, what: string, connection: Connection, sockets: Sockets): BotError {
  if (thrown instanceof BotError) return thrown;
  const errors = chainOf(thrown as ClientError);
  const user = connection.sasl ? `user ${connection.sasl.username}` : 'this client';
  for (const { name, type = '', message } of errors) {
    if (name === 'KafkaJSSASLAuthenticationError') return new BotError(credentials(message, connection));
    if (name === 'KafkaJSGroupCoordinatorNotFound')
      return new BotError(`the brokers cannot ${what}: none coordinates it just now, or ${user} may not describe it`);
    const refusal = refusals[type];
    if (refusal) return new BotError(refusal(what, user));
  }
  const unreachable = errors.some(({ name }) => /Connection|Timeout|BrokerNotFound|NoBroker/.test(name));
  const said = plain(errors.at(-1)?.message ?? String(thrown));
  return new BotError(unreachable ? unreached(connection, sockets, said) : `the brokers cannot ${what}: ${said}`);
}

/** Which error it is to the brokers, by the name that Kafka gives it. */
export const isRefusal = (thrown: unknown, type: string): boolean =>
  chainOf(thrown as ClientError).some((error) => error.type === type);

/** The error and what it came of. */
function chainOf(error: ClientError | undefined): ClientError[] {
  if (!error) return [];
  return [error, ...(error.errors ?? []).flatMap(chainOf), ...(error.cause === error ? [] : chainOf(error.cause))];
}

function credentials(said: string, { sasl }: Connection): string {
  if (said.includes('mechanism is not supported'))
    return `the brokers do not offer --sasl-mechanism ${sasl?.mechanism}`;
  return `the brokers do not take the credentials of user ${sasl?.username} (${sasl?.mechanism}): see --sasl-username and its password`;
}

function unreached({ brokers, sasl }: Connection, { tried }: Sockets, said: string): string {
  const named = brokers.join(',');
  const failed = [...tried].flatMap(([address, reason]) => (reason ? [{ address, reason }] : []));
  if (!brokers.some((broker) => tried.has(broker) && !tried.get(broker))) {
    const reasons = new Set(failed.map(({ reason }) => reason));
    const why = reasons.size > 1 ? failed.map(({ address, reason }) => `${address}: ${reason}`) : [...reasons];
    return `no broker of --bootstrap-servers ${named} answers: ${why.join('; ') || said}`;
  }
  const advertised = failed.find(({ address }) => !brokers.includes(address));
  if (advertised)
    return `--bootstrap-servers ${named} answers, but names a broker ${advertised.address} that cannot be reached from here (${advertised.reason}): see its advertised.listeners`;
  if (!sasl && said.includes('Closed connection'))
    return `--bootstrap-servers ${named} closes the connection: that port may want credentials, see --sasl-mechanism`;
  return `the brokers of --bootstrap-servers ${named} give no answer: ${said}`;
}
