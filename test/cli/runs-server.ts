import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An object as the API has it. */
export interface KubernetesObject {
  kind?: string;
  metadata: {
    name: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own.
  [field: string]: any;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body?: KubernetesObject;
}

type Refusal = readonly [code: number, reason: string, message: string];

const failure = (...[code, reason, message]: Refusal): readonly [number, unknown] => [
  code,
  { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code, metadata: {} },
];

/**
 * Plays the API server of Kubernetes for kubectl: collections of objects, selected by label, and logs. What a cluster
 * would do with the objects is for the test to say, by `onChange`.
 */
export class KubernetesServer {
  /** By their paths. */
  readonly objects = new Map<string, KubernetesObject>();
  readonly asked: Asked[] = [];
  /** By the name of the pod. */
  readonly logs = new Map<string, string>();
  /** What it says in the place of an answer. */
  refuse: (asked: Asked) => Refusal | undefined = () => undefined;
  /** What the cluster does after a request. */
  onChange: (asked: Asked) => void = () => undefined;
  /** Milliseconds that a pod takes to end. */
  podEnds = 200;
  /** Paths of APIs that the cluster has not. */
  missing = ['/apis/k6.io'];
  readonly folder = mkdtempSync(join(tmpdir(), 'loadscope-runs-'));
  #server: Server | undefined;
  #port = 0;
  #version = 0;

  /** The second time, at the address of the first. */
  async start(): Promise<this> {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const parsed = body ? JSON.parse(body) : undefined;
      this.#answer({ method: request.method ?? '', path: pathname, query: searchParams, body: parsed }, response);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    writeFileSync(
      this.kubeconfig,
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
        clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${this.#port}` } }],
        users: [{ name: 'test', user: {} }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      }),
    );
    return this;
  }

  get kubeconfig(): string {
    return join(this.folder, 'kubeconfig');
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    this.#server = undefined;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  clear(): void {
    this.objects.clear();
    this.logs.clear();
    this.asked.length = 0;
    this.refuse = () => undefined;
    this.onChange = () => undefined;
    this.podEnds = 200;
    this.missing = ['/apis/k6.io'];
  }

  put(collection: string, object: KubernetesObject): KubernetesObject {
    this.#version += 1;
    const { name } = object.metadata;
    const metadata = {
      uid: `uid-${this.#version}`,
      creationTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      ...object.metadata,
      resourceVersion: String(this.#version),
    };
    const stored = { ...object, metadata };
    this.objects.set(`${collection}/${name}`, stored);
    return stored;
  }

  requests(method: string): string[] {
    return this.asked.filter((asked) => asked.method === method).map(({ path }) => path);
  }

  #answer(asked: Asked, response: ServerResponse): void {
    this.asked.push(asked);
    const [code, answer] = this.#reply(asked);
    const text = typeof answer === 'string';
    response.writeHead(code, { 'content-type': text ? 'text/plain' : 'application/json' });
    response.end(text ? answer : JSON.stringify(answer));
    this.onChange(asked);
  }

  #reply(asked: Asked): readonly [code: number, answer: unknown] {
    const { method, path, query, body } = asked;
    const refusal = this.refuse(asked);
    if (refusal) return failure(...refusal);
    if (this.missing.some((api) => path.startsWith(api))) return [404, '404 page not found\n'];
    const name = path.split('/').at(-1) ?? '';
    const absent = failure(404, 'NotFound', `"${name}" not found`);
    const log = /\/pods\/([^/]+)\/log$/.exec(path)?.[1];
    if (log) return this.logs.has(log) ? [200, this.logs.get(log)] : absent;

    const isCollection = /\/namespaces\/[^/]+\/[^/]+$/.test(path) || path.endsWith('/v1alpha1');
    const selected = this.#select(path, query.get('labelSelector'));
    const found = this.objects.get(path);
    if (method === 'GET' && isCollection) return [200, { kind: 'List', items: selected.map(([, object]) => object) }];
    if (method === 'POST' && body)
      return this.objects.has(`${path}/${body.metadata.name}`)
        ? failure(409, 'AlreadyExists', `jobs.batch "${body.metadata.name}" already exists`)
        : [201, this.put(path, body)];
    if (!isCollection && !found) return absent;
    if (method === 'GET') return [200, found];
    if (method === 'PUT' && body)
      return body.metadata.resourceVersion === found?.metadata.resourceVersion
        ? [200, this.put(path.slice(0, path.lastIndexOf('/')), body)]
        : failure(409, 'Conflict', 'the object has been modified');
    if (method !== 'DELETE') return failure(405, 'MethodNotAllowed', 'not allowed');
    const grace = Number(query.get('gracePeriodSeconds') ?? 60);
    for (const at of isCollection ? selected.map(([each]) => each) : [path]) this.delete(at, grace);
    return [200, { kind: 'Status', status: 'Success' }];
  }

  /** Pods take their time, and what an object owns goes with it. */
  delete(path: string, grace = 60): void {
    const object = this.objects.get(path);
    if (!object) return;
    if (path.includes('/pods/')) {
      const { metadata } = object;
      metadata.deletionTimestamp ??= new Date().toISOString();
      metadata.deletionGracePeriodSeconds = Math.min(metadata.deletionGracePeriodSeconds ?? 1e9, grace);
      // One that gets its own long time does not end within a test.
      if (grace <= 10) setTimeout(() => this.objects.delete(path), this.podEnds);
      return;
    }
    this.objects.delete(path);
    for (const [other, { metadata }] of this.objects)
      if (metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)) this.delete(other);
  }

  #select(collection: string, selector: string | null): (readonly [string, KubernetesObject])[] {
    return [...this.objects].filter(
      ([
        path,
        {
          metadata: { labels = {} },
        },
      ]) => {
        if (path.slice(0, path.lastIndexOf('/')) !== collection) return false;
        // Commas divide requirements, but not inside of a set.
        return (selector?.split(/,(?![^(]*\))/) ?? []).every((requirement) => {
          const [, label = '', values] = /^(\S+?)(?:=(.*)| in \((.*)\))?$/.exec(requirement) ?? [];
          const wanted = values ?? /\((.*)\)/.exec(requirement)?.[1];
          return labels[label] !== undefined && (wanted === undefined || wanted.split(',').includes(labels[label]));
        });
      },
    );
  }
}
