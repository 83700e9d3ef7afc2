import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { plain } from './plain.ts';

/** The API of Kubernetes by way of kubectl, which has the user's contexts, certificates and logins. */

/** Why kubectl did not do it. `unreachable`: the same may work in a while. */
type KubectlFailure =
  | 'missing'
  | 'config'
  | 'unreachable'
  | 'unauthorised'
  | 'forbidden'
  | 'absent'
  | 'exists'
  | 'conflict'
  | 'refused';

/** Its message is one sentence, meant for the user as it stands. */
export class KubectlError extends Error {
  override readonly name = 'KubectlError';
  readonly failure: KubectlFailure;

  constructor(failure: KubectlFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** @param failures which of them; none for any */
export const isKubectlError = (error: unknown, ...failures: readonly KubectlFailure[]): error is KubectlError =>
  error instanceof KubectlError && (failures.length === 0 || failures.includes(error.failure));

interface KubectlOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  /** Seconds that an answer may take. */
  readonly timeout: number;
}

type Query = Readonly<Record<string, string | number>>;

/** Seconds beyond the time limit after which kubectl itself is given up: a login of a context may hang. */
const margin = 15;

/** Requests are `--raw`, which needs no discovery, so that each is one question and takes no longer than that. */
export class Kubectl {
  readonly #flags: readonly string[];
  readonly #timeout: number;

  constructor({ context, kubeconfig, timeout }: KubectlOptions) {
    this.#flags = [...(context ? [`--context=${context}`] : []), ...(kubeconfig ? [`--kubeconfig=${kubeconfig}`] : [])];
    this.#timeout = timeout;
  }

  async get<Answer>(path: string, query?: Query): Promise<Answer> {
    return parsed(await this.#run(['get', '--raw', address(path, query)]));
  }

  async list<Item>(path: string, query?: Query): Promise<readonly Item[]> {
    // An empty list is null where Go wrote it.
    return (await this.get<{ readonly items?: readonly Item[] | null }>(path, query)).items ?? [];
  }

  /** @returns undefined where there is none */
  async find<Answer>(path: string): Promise<Answer | undefined> {
    return this.get<Answer>(path).catch((error) => {
      if (isKubectlError(error, 'absent')) return undefined;
      throw error;
    });
  }

  async create<Item>(path: string, item: unknown): Promise<Item> {
    return parsed(await this.#run(['create', '--raw', path, '-f', '-'], JSON.stringify(item)));
  }

  /** In the place of the one that was read: a change since then is a `conflict`. */
  async replace(path: string, item: unknown): Promise<void> {
    await this.#run(['replace', '--raw', path, '-f', '-'], JSON.stringify(item));
  }

  /** An object, or all of a collection that a query selects. What is gone already is no error. */
  async delete(path: string, query?: Query): Promise<void> {
    await this.#run(['delete', '--raw', address(path, query)]).catch((error) => {
      if (!isKubectlError(error, 'absent')) throw error;
    });
  }

  /** Each line of an answer as it comes, such as of a log that goes on; over when it is, or at the signal. */
  async lines(path: string, query: Query, each: (line: string) => void, signal?: AbortSignal): Promise<void> {
    await this.#run(['get', '--raw', address(path, query)], undefined, { each, signal });
  }

  async #run(args: readonly string[], input?: string, stream?: Stream): Promise<string> {
    const limit = stream ? [] : [`--request-timeout=${this.#timeout}s`];
    // In a process group of its own: Ctrl-C is for us to answer, and may find a request under way.
    const child = spawn('kubectl', [...args, ...this.#flags, ...limit], { detached: true });
    const timer = stream ? undefined : setTimeout(() => child.kill(), (this.#timeout + margin) * 1000);
    const stop = () => child.kill();
    stream?.signal?.addEventListener('abort', stop);
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8');
    if (stream) createInterface({ input: child.stdout }).on('line', stream.each);
    else
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      errors += chunk;
    });
    // It may be gone before it has read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    try {
      const [status, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (...ended) => resolve(ended));
      });
      if (status === 0 || stream?.signal?.aborted) return output;
      // Ctrl-C came in the moment before it had its own group: it has asked nothing yet.
      if (signal === 'SIGINT') return await this.#run(args, input, stream);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new KubectlError(
        'missing',
        code === 'ENOENT'
          ? 'kubectl is not on the PATH. Install it: the cluster is asked by way of it.'
          : `kubectl cannot be run: ${message}`,
      );
    } finally {
      clearTimeout(timer);
      stream?.signal?.removeEventListener('abort', stop);
    }
    throw errorOf(errors);
  }
}

interface Stream {
  readonly each: (line: string) => void;
  readonly signal?: AbortSignal;
}

const address = (path: string, query: Query = {}) => {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return parameters.size ? `${path}?${parameters}` : path;
};

function parsed<Answer>(text: string): Answer {
  try {
    return JSON.parse(text);
  } catch {
    throw new KubectlError('refused', `the cluster answers with what is no JSON: ${plain(text, 100)}`);
  }
}

/** Reasons that the API server gives, as kubectl prints them. */
const reasons: Readonly<Record<string, KubectlFailure>> = {
  NotFound: 'absent',
  AlreadyExists: 'exists',
  Conflict: 'conflict',
  Forbidden: 'forbidden',
  Unauthorized: 'unauthorised',
  ServiceUnavailable: 'unreachable',
  InternalError: 'unreachable',
  ServerTimeout: 'unreachable',
  Timeout: 'unreachable',
  TooManyRequests: 'unreachable',
};

/** What kubectl printed, as one sentence that says what to do where that is known. */
export function errorOf(printed: string): KubectlError {
  // Lines of its own log start with a letter, the date and the time.
  const lines = printed.split('\n').filter((line) => line.trim() && !/^[IWEF]\d{4} /.test(line));
  const said = plain(lines.join(' '), 500);
  const [, reason = '', message = ''] = /^Error from server(?: \((\w+)\))?: (.*)$/.exec(said) ?? [];
  if (message) {
    const failure = reasons[reason] ?? 'refused';
    if (failure === 'unreachable') return new KubectlError(failure, `the cluster cannot answer just now: ${message}`);
    return new KubectlError(failure, failure === 'forbidden' ? forbidden(message) : message);
  }
  if (said.includes('(Unauthorized)'))
    return new KubectlError(
      'unauthorised',
      'the cluster does not let kubectl in: log in again, or choose another --context.',
    );
  if (/localhost:8080 was refused/.test(said))
    return new KubectlError(
      'config',
      'kubectl knows no cluster: give --kubeconfig, or choose a context with kubectl config use-context.',
    );
  if (/^(Unable to connect to the server|The connection to the server)/.test(said))
    return new KubectlError(
      'unreachable',
      `the cluster is out of reach: ${said.replace(/^Unable to connect to the server: /, '')}`,
    );
  if (!said) return new KubectlError('unreachable', 'kubectl ended without an answer.');
  return new KubectlError('config', `kubectl: ${said.replace(/^error: /i, '')}`);
}

/** A right that is missing, or what a rule of the cluster says against the object, such as a quota. */
function forbidden(message: string): string {
  const [, user, verb, resource, group, namespace] =
    /User "(.*?)" cannot (\S+) resource "(.*?)"(?: in API group "(.*?)")?(?: in the namespace "(.*?)")?/.exec(
      message,
    ) ?? [];
  if (!verb) return `the cluster refuses it: ${message}`;
  const what = [resource, group].filter(Boolean).join('.');
  return `${user} may not ${verb} ${what}${namespace ? ` in the namespace ${namespace}` : ''}: ask who runs the cluster for that right.`;
}
