import { X509Certificate } from 'node:crypto';
import { mechanisms } from './flag-table.ts';
import { choice, fileText, isOn, mistake } from './flag-values.ts';
import { type Given, type GivenFlags, oneOf } from './given.ts';
import { BotError, type Connection } from './options.ts';

/** How brokers are reached. */
export function connectionOf(given: GivenFlags): Connection {
  const brokers = given.all('bootstrap-servers').map(addressOf);
  const tls = tlsOf(given);
  const sasl = saslOf(given);
  return { brokers: brokers.length ? brokers : ['localhost:9092'], ...(tls ? { tls } : {}), ...(sasl ? { sasl } : {}) };
}

function addressOf(given: Given): string {
  const [, port] = /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(given.text) ?? [];
  if (Number(port) >= 1 && Number(port) <= 65_535) return given.text;
  throw mistake(given, 'HOST:PORT, several divided by commas, such as kafka-0:9092,kafka-1:9092');
}

function tlsOf(given: GivenFlags): Connection['tls'] {
  const [caGiven, insecure = false] = [given.get('tls-ca'), given.read('tls-insecure', isOn)];
  if (caGiven && insecure)
    throw new BotError(`${caGiven.from} and --tls-insecure contradict each other: that trusts any certificate`);
  if (!caGiven && !insecure && !given.read('tls', isOn)) return undefined;
  return { ...(caGiven ? { ca: certificates(caGiven) } : {}), insecure };
}

function certificates(given: Given): string {
  const pem = fileText(given);
  try {
    new X509Certificate(pem);
  } catch {
    throw new BotError(
      `${given.from} ${given.text}: must be a certificate in PEM, which begins with "-----BEGIN CERTIFICATE-----"`,
    );
  }
  return pem;
}

function saslOf(given: GivenFlags): Connection['sasl'] {
  const [mechanism, user] = [given.get('sasl-mechanism'), given.get('sasl-username')];
  const password = oneOf(given.variable('SASL_PASSWORD'), given.get('sasl-password-file'));
  const [some] = [user, mechanism, password?.byFlag ? password : undefined].filter((one) => one !== undefined);
  if (!some) return undefined;
  if (!mechanism) throw new BotError(`${some.from} needs --sasl-mechanism: ${mechanisms.join(', ')}`);
  if (!user) throw new BotError(`${some.from} needs --sasl-username, and the password of that user`);
  if (!password)
    throw new BotError(`${user.from} needs its password: set SASL_PASSWORD, or name a file with --sasl-password-file`);
  return {
    mechanism: choice(mechanisms)(mechanism),
    username: user.text,
    password: password.from === 'SASL_PASSWORD' ? password.text : fileText(password).replace(/\r?\n$/, ''),
  };
}
