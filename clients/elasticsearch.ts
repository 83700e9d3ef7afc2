import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from './http-error.ts';

export interface ElasticsearchOptions {
  /** Base addresses of nodes; the next is asked where one does not answer. */
  readonly urls: readonly string[];
  readonly username?: string;
  readonly password?: string;
  /** Certificates of the authorities to trust, in PEM; left out: those that Node trusts. */
  readonly ca?: string;
  /** Seconds that an answer may take. @default 30 */
  readonly timeout?: number;
  /**
   * Seconds for which the first question is asked again where nobody answers: the way from a new pod opens a moment late, as
   * network policies have to hear of the pod first. @default 0
   */
  readonly patience?: number;
}

/** An answer with a status of failure. */
export class ElasticsearchError extends Error {
  override readonly name = 'ElasticsearchError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * The HTTP API of an Elasticsearch or OpenSearch, as far as all versions of both have it. By Node's own client, since it is
 * part of programs that stand in ConfigMaps: undici is half a megabyte of each.
 */
export class Elasticsearch {
  readonly #options: ElasticsearchOptions;
  readonly #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
  readonly #authorization: string | undefined;
  /** Until when nobody has to answer, in milliseconds since 1970. */
  #deadline: number;

  constructor(options: ElasticsearchOptions) {
    const { ca, username, password, patience = 0 } = options;
    this.#options = options;
    this.#deadline = Date.now() + patience * 1000;
    this.#agents = {
      // A connection for each question: one that is kept may be closed by the time that the next is asked.
      'http:': new http.Agent({ keepAlive: false }),
      'https:': new https.Agent({ keepAlive: false, ...(ca ? { ca } : {}) }),
    };
    if (username !== undefined)
      this.#authorization = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  }

  /**
   * @param path with its query, without the "/" in front
   * @param body an object as JSON, or a text of lines of JSON as `_bulk` wants it
   * @throws ElasticsearchError where it answers with a failure, HttpError where no node answers
   */
  async send<T>(method: Method, path: string, body?: object | string): Promise<T> {
    for (;;) {
      let last: unknown;
      for (const url of this.#options.urls) {
        try {
          const answer = await this.#ask<T>(method, `${url}/${path}`, body);
          this.#deadline = 0;
          return answer;
        } catch (error) {
          if (error instanceof ElasticsearchError) throw error;
          last = error;
        }
      }
      if (Date.now() >= this.#deadline) throw last;
      await sleep(1000);
    }
  }

  async close(): Promise<void> {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #ask<T>(method: Method, url: string, body?: object | string): Promise<T> {
    const { status, said } = await this.#exchange(method, new URL(url), body);
    if (status >= 400) throw new ElasticsearchError(status, reasonIn(said) ?? `status ${status}`);
    try {
      return JSON.parse(said) as T;
    } catch {
      throw new ElasticsearchError(status, 'what answers there is no Elasticsearch: the answer is no JSON');
    }
  }

  #exchange(method: Method, url: URL, body?: object | string): Promise<{ status: number; said: string }> {
    const { timeout = 30 } = this.#options;
    const signal = AbortSignal.timeout(Math.round(timeout * 1000));
    const lines = typeof body === 'string';
    const headers = {
      accept: 'application/json',
      ...(this.#authorization ? { authorization: this.#authorization } : {}),
      ...(body === undefined ? {} : { 'content-type': lines ? 'application/x-ndjson' : 'application/json' }),
    };
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException) =>
        reject(signal.aborted ? new HttpError('timeout', `no answer within ${timeout}s`) : HttpError.of(error));
      const secure = url.protocol === 'https:';
      const options = { method, headers, signal, agent: this.#agents[secure ? 'https:' : 'http:'] };
      const asked = (secure ? https : http).request(url, options, (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, said }), failed);
      });
      asked.on('error', failed);
      asked.end(lines || body === undefined ? body : JSON.stringify(body));
    });
  }
}

/** Of `{"error": {"type", "reason"}}`, or `{"error": "..."}`. */
function reasonIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: string | { type?: string; reason?: string } };
    return typeof error === 'string' ? error : [error?.type, error?.reason].filter(Boolean).join(': ') || undefined;
  } catch {
    return undefined;
  }
}

/**
 * The one that the environment names, as `elasticsearchEnv` of model/tracing.ts writes it.
 *
 * @param timeout seconds that an answer may take, however many nodes are asked for it
 * @throws Error where ELASTICSEARCH_URLS is not set
 */
export function elasticsearchOfEnvironment(env: NodeJS.ProcessEnv = process.env, timeout?: number): Elasticsearch {
  const { ELASTICSEARCH_URLS, ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD, ELASTICSEARCH_CA, PATIENCE_SECONDS } =
    env;
  if (!ELASTICSEARCH_URLS) throw new Error('the environment variable ELASTICSEARCH_URLS is not set');
  const urls = ELASTICSEARCH_URLS.split(',');
  return new Elasticsearch({
    urls,
    ...(timeout ? { timeout: timeout / urls.length } : {}),
    ...(ELASTICSEARCH_USERNAME ? { username: ELASTICSEARCH_USERNAME, password: ELASTICSEARCH_PASSWORD ?? '' } : {}),
    ...(ELASTICSEARCH_CA ? { ca: ELASTICSEARCH_CA } : {}),
    ...(PATIENCE_SECONDS ? { patience: Number(PATIENCE_SECONDS) } : {}),
  });
}
