import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Kubernetes' API from inside the cluster, with the rights of the pod's account. */

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Seconds that one answer may take. */
const timeout = 20;
/** The API refused, or was away for too long. Its message is one line: what was asked, and what it said. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Kubernetes {
  readonly #url: string;
  readonly #patience: number;

  /**
   * @param url where the API is, such as https://kubernetes.default.svc; its certificate's authority is Node's to know
   * @param patience seconds for which a server that is away is tried again
   */
  constructor(url: string, patience: number) {
    this.#url = url;
    this.#patience = patience;
  }

  /** @returns undefined where there is no such object */
  async get<T>(path: string): Promise<T | undefined> {
    return (await this.#send('GET', path, undefined, [404])) as T | undefined;
  }

  /** @returns false where there is one of this name already, which may be its own: of an answer that was lost */
  async create(path: string, object: object): Promise<boolean> {
    return (await this.#send('POST', path, object, [409])) !== undefined;
  }

  async replace(path: string, object: object): Promise<void> {
    await this.#send('PUT', path, object);
  }

  /** Changes the fields that are given. */
  async merge(path: string, patch: object): Promise<void> {
    await this.#send('PATCH', path, patch);
  }

  /** With what it owns; also where it is gone already. */
  async delete(path: string, gracePeriodSeconds?: number): Promise<void> {
    await this.#send('DELETE', path, { propagationPolicy: 'Background', gracePeriodSeconds }, [404]);
  }

  /** @param excepted statuses of failure that are an answer, too */
  async #send(method: Method, path: string, body?: object, excepted: readonly number[] = []): Promise<unknown> {
    const deadline = Date.now() + this.#patience * 1000;
    for (let wait = 0.5; ; wait = Math.min(wait * 2, 10)) {
      try {
        return await this.#once(method, path, body, excepted);
      } catch (error) {
        const { status } = error as KubernetesError;
        // What was refused would be refused again, and without a token there is nothing to ask with.
        if (!(error instanceof KubernetesError) || (status >= 400 && status < 500 && status !== 429)) throw error;
        if (Date.now() > deadline) throw error;
        await sleep(wait * 1000);
      }
    }
  }

  async #once(method: Method, path: string, body: object | undefined, excepted: readonly number[]): Promise<unknown> {
    const asked = `${method} ${path}`;
    // Read anew each time: Kubernetes replaces it every hour.
    const token = readFileSync(`${account}/token`, 'utf8');
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body ? { 'content-type': `application/${method === 'PATCH' ? 'merge-patch+' : ''}json` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(timeout * 1000),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      throw new KubernetesError(0, `${asked}: ${cause instanceof Error ? cause.message : message}`);
    }
    if (response.ok) return JSON.parse(text);
    if (excepted.includes(response.status)) return undefined;
    throw new KubernetesError(response.status, `${asked}: HTTP ${response.status}: ${said(text)}`);
  }
}

/** The sentence in a Status of the API, or what a proxy says in its place. */
function said(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}
