import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Connection } from '../../clients/connection.ts';
import { seconds } from '../../model/duration.ts';
import { CliError } from './cli-error.ts';

export interface ConnectionFlags {
  readonly prometheus: URL;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly timeout: number;
}

const tokenVariable = 'LOADSCOPE_PROMETHEUS_TOKEN';
const passwordVariable = 'LOADSCOPE_PROMETHEUS_PASSWORD';

/** Adds the flags of a connection to a subcommand. There is none for a secret, which `ps` would show. */
export const withConnection = (command: Command): Command =>
  withCredentials(
    command.requiredOption('--prometheus <url>', 'address of Prometheus, with its path prefix where it has one', asUrl),
  );

/** The same where there is another way to the stack's own Prometheus. */
export const withOptionalConnection = (command: Command): Command =>
  withCredentials(
    command.option(
      '--prometheus <url>',
      'address of Prometheus, with its path prefix where it has one (default: that of the stack, by kubectl port-forward)',
      asUrl,
    ),
  );

const withCredentials = (command: Command): Command =>
  command
    .option('--token-file <file>', `file with a bearer token (or ${tokenVariable})`)
    .option('--username <name>', 'user name for basic auth')
    .option('--password-file <file>', `file with the password of that user (or ${passwordVariable})`)
    .option('--ca <file>', 'PEM file with the certificate of the authority to trust')
    .option('--header <header>', 'header to send, as "Name: value"; may be repeated', asHeaders)
    .addOption(
      new Option('--timeout <duration>', 'how long Prometheus may take for an answer')
        .argParser(asDuration)
        .default(10, '10s'),
    );

/** Reads the flags of withConnection, and the secrets that they name. */
export function connectionOf(flags: ConnectionFlags): Connection {
  const { prometheus: url, header = {}, ca, timeout } = flags;
  const { authorization, secrets } = credentials(flags);
  return {
    url,
    headers: { ...header, ...(authorization ? { authorization } : {}) },
    ...(ca ? { ca: certificates(ca) } : {}),
    timeout,
    // A header may be no secret at all, such as a short name, which other texts may well have in them.
    secrets: [...secrets, ...Object.values(header).filter(({ length }) => length >= 8)],
  };
}

/** A flag wins over the environment, and of the two kinds of credentials there can be one. */
function credentials({ tokenFile, username, passwordFile }: ConnectionFlags): {
  authorization?: string;
  secrets: string[];
} {
  if (tokenFile && username)
    throw new CliError('--token-file and --username exclude each other: Prometheus takes one of them. Leave one out.');
  if (passwordFile && !username)
    throw new CliError('--password-file needs --username: the name of the user whose password it holds.');
  if (username) {
    if (username.includes(':')) throw new CliError('--username: must have no ":", where basic auth ends the name.');
    const password = passwordFile ? secretIn('--password-file', passwordFile) : process.env[passwordVariable];
    if (!password)
      throw new CliError(`--username needs its password: give --password-file, or set ${passwordVariable}.`);
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    return { authorization: `Basic ${basic}`, secrets: [password, basic] };
  }
  const token = tokenFile ? secretIn('--token-file', tokenFile) : process.env[tokenVariable]?.trim();
  if (!token) return { secrets: [] };
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CliError(`${tokenFile ? '--token-file' : tokenVariable}: must hold a token and nothing else.`);
  return { authorization: `Bearer ${token}`, secrets: [token] };
}

function secretIn(flag: string, file: string): string {
  const secret = contentOf(flag, file).replace(/\r?\n$/, '');
  if (!secret) throw new CliError(`${flag} ${file}: is empty.`);
  return secret;
}

function certificates(file: string): string {
  const pem = contentOf('--ca', file);
  try {
    new X509Certificate(pem);
  } catch {
    throw new CliError(`--ca ${file}: must be a certificate in PEM, which begins with "-----BEGIN CERTIFICATE-----".`);
  }
  return pem;
}

function contentOf(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${flag} ${file}: ${code === 'ENOENT' ? 'no such file' : `cannot be read: ${message}`}.`);
  }
}

/** What it was given is not shown: there may be a password in it. */
function asUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new CliError('--prometheus: must be an http or https URL, for example http://localhost:9090.');
  if (url.username || url.password)
    throw new CliError(
      `--prometheus: must hold no user and no password, which ps would show. Give --username, and --password-file or ${passwordVariable}.`,
    );
  if (url.search || url.hash) throw new CliError('--prometheus: must have no "?" and no "#", as the API is below it.');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Headers that belong to the transport or to the credentials. */
const reserved = ['content-type', 'content-length', 'transfer-encoding', 'connection', 'accept-encoding'];

function asHeaders(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name = '', value = ''] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([\x20-\x7e]*?)[ \t]*$/.exec(text) ?? [];
  const key = name.toLowerCase();
  // The value is not shown either.
  if (!name || !value) throw new CliError('--header: must be "Name: value", for example "X-Scope-OrgID: team-a".');
  if (key === 'authorization')
    throw new CliError(
      `--header: Authorization would be seen in ps. Give --token-file or ${tokenVariable}, or --username and --password-file.`,
    );
  if (reserved.includes(key)) throw new CliError(`--header: ${name} is set by the request itself; leave it out.`);
  return { ...before, [key]: value };
}

/** Seconds of a duration that a flag gives. */
export function asDuration(text: string): number {
  const value = seconds(text);
  if (!value) throw new InvalidArgumentError('It must be a duration above 0, for example 30s, 10m or 1h30m.');
  return value;
}
