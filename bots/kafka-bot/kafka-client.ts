import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type KafkaConfig, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import type { Connection } from './options.ts';

/** Milliseconds until a connection is made and the first answer is there. */
const connectionTimeout = 5000;
/** Milliseconds that any other answer may take. */
export const requestTimeout = 10_000;

/** Takes what kafkajs says; such as a logger of pino. */
export interface DebugLog {
  debug(facts: object, message: string): void;
}

/**
 * How kafkajs reaches the brokers. It tries as often as there are brokers, so that each is asked, and not for long:
 * whoever asks knows better when to try again.
 */
export function clientConfig(connection: Connection, clientId: string, log: DebugLog, sockets: Sockets): KafkaConfig {
  const { brokers, tls, sasl } = connection;
  return {
    clientId,
    brokers: [...brokers],
    ...(tls ? { ssl: { rejectUnauthorized: !tls.insecure, ...(tls.ca ? { ca: [tls.ca] } : {}) } } : {}),
    ...(sasl ? { sasl: sasl as SASLOptions } : {}),
    connectionTimeout,
    requestTimeout,
    retry: { retries: brokers.length, initialRetryTime: 100, maxRetryTime: 1000 },
    socketFactory: (target) => sockets.open(target),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => log.debug({ kafkajs: factsOf(entry) }, entry.log.message),
  };
}

function factsOf({ label, namespace, log }: LogEntry): object {
  const { message: _, logger: _logger, stack: _stack, timestamp: _timestamp, ...facts } = log;
  return { label, namespace, ...facts };
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly ssl?: object;
  readonly onConnect: () => void;
}

/** Connections to brokers, and why there is none: kafkajs tells of the last attempt only. */
export class Sockets {
  /** What was wrong with each broker at the last attempt, by its address, in a few words; undefined where it answered. */
  readonly #tried = new Map<string, string | undefined>();

  get tried(): ReadonlyMap<string, string | undefined> {
    return this.#tried;
  }

  open({ host, port, ssl, onConnect }: Target): Socket {
    const address = `${host}:${port}`;
    this.#tried.set(address, `no answer within ${connectionTimeout / 1000} s`);
    const socket = ssl
      ? // The name of the host is checked against its certificate, where it is a name.
        connectTls({ host, port, ...(/[a-z]/i.test(host) ? { servername: host } : {}), ...ssl }, onConnect)
      : connectPlain({ host, port }, onConnect);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    socket.once('error', (error: NodeJS.ErrnoException) => this.#tried.set(address, reasonOf(error, !!ssl)));
    socket.once('end', () => {
      if (!socket.bytesRead) this.#tried.set(address, 'closes the connection without an answer');
    });
    socket.once('data', (start: Buffer) => this.#tried.set(address, wrongProtocol(start)));
    return socket;
  }
}

/** What the first bytes of an answer are, where they are none of a broker: those begin with its length. */
function wrongProtocol(start: Buffer): string | undefined {
  if (start[0] === 0x15 && start[1] === 0x03) return 'speaks TLS: pass --tls, or name its plain port';
  if (start.length < 4 || (start.readInt32BE(0) >= 0 && start.readInt32BE(0) < 0x0800_0000)) return undefined;
  return 'is no Kafka broker: its answer is not of that protocol';
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host name not known',
  EAI_AGAIN: 'host name cannot be looked up just now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
  ECONNRESET: 'closes the connection without an answer',
  EPIPE: 'closes the connection without an answer',
  ETIMEDOUT: 'connection not taken',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/;

function reasonOf({ code = '', message }: NodeJS.ErrnoException, tls: boolean): string {
  if (untrusted.test(code)) return 'its certificate is not trusted: name its authority with --tls-ca';
  // A plain listener takes a TLS greeting for a request of absurd length.
  if (tls && (code === 'ECONNRESET' || code.startsWith('ERR_SSL')))
    return 'does not speak TLS: leave --tls out, or name its TLS port';
  return reasons[code] ?? (message || code);
}
