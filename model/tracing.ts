import * as z from 'zod';
import { type Address, urlAddress } from './address.ts';
import type { Config } from './config.ts';
import { dnsSubdomain, secretRef, webUrl } from './patterns.ts';
import type { EnvVar } from './target.ts';
import type { WantedSecret } from './wanted-secret.ts';

const share = z.number('must be a number from 0 to 1').min(0).max(1);

const storageUrl = webUrl.refine((url) => !url.includes('@'), {
  error: 'holds a user or a password, which would be in a manifest: name a Secret in credentialsSecret',
});

/** An Elasticsearch that is there already. */
const ExternalStorage = z.strictObject({
  urls: z.array(storageUrl).min(1).meta({ description: 'Addresses of its nodes, or of what is in front of them.' }),
  credentialsSecret: secretRef.optional().meta({
    description: 'Secret with `username` and `password` of a user who may write the indices of `tracing.index`.',
  }),
  caSecret: secretRef.optional().meta({
    description:
      'Secret with `ca.crt` and, for Zipkin, `truststore.jks` (password `changeit`). Left out: a public authority.',
  }),
});

export const Tracing = z.strictObject({
  sampling: share.default(0.1).meta({
    description:
      'Share of the requests of load tests that are traced, from 0 to 1: k6 says so in the B3 headers of each request.',
  }),
  collectorSampling: share.default(1).meta({
    description: 'Share of the traces that Zipkin stores of those it gets, from 0 to 1.',
  }),
  index: z
    .string()
    .regex(
      /^[a-z][a-z0-9_-]{0,40}$/,
      'must be the beginning of the name of an index: lower-case letters, digits, "-", "_"',
    )
    .default('zipkin')
    .meta({ description: 'What the names of the indices begin with.' }),
  shards: z.int().min(1).max(64).default(1).meta({ description: 'Primary shards of the index of a day.' }),
  replicas: z.int().min(0).max(5).optional().meta({
    description: 'Copies of each shard. Left out: none on a single node, one on three.',
  }),
  templatePriority: z.int().min(0).max(1_000_000).optional().meta({
    description:
      'Priority of composable index templates, for an Elasticsearch with others. Left out: legacy templates.',
  }),
  throttle: z.boolean().default(true).meta({
    description:
      'Whether Zipkin sends to its storage only as much as that takes, and drops the rest, which is counted.',
  }),
  // As many days as its exporter tells of.
  retentionDays: z.int().min(1).max(400).default(7).meta({
    description: 'How many days of spans are kept, today included (UTC).',
  }),
  dependencies: z.enum(['links', 'spark', 'none']).default('links').meta({
    description:
      'What draws the graph of who calls whom: a small Job of Loadscope, the Spark job of OpenZipkin, or nothing ([tracing.md](tracing.md)).',
  }),
  tls: z.boolean().default(true).meta({
    description: "Whether Zipkin's own Elasticsearch speaks TLS, with a certificate that is made in the cluster.",
  }),
  elasticsearch: ExternalStorage.optional().meta({
    description: "In place of Zipkin's own: an Elasticsearch or OpenSearch that is there, and not under test.",
  }),
  ingress: z
    .strictObject({
      host: dnsSubdomain.meta({ description: 'Name under which a browser finds Zipkin.' }),
      className: dnsSubdomain.optional().meta({ description: "Left out: the cluster's default class." }),
      tlsSecret: secretRef
        .optional()
        .meta({ description: 'Secret with the certificate of the host. Left out: no TLS.' }),
      controllerNamespace: dnsSubdomain.default('ingress-nginx').meta({
        description: 'Where the ingress controller runs, which is let in.',
      }),
    })
    .optional()
    .meta({
      description: "An Ingress for Zipkin's UI, which asks for no password: only behind one that does. Left out: none.",
    }),
});

/** Name of Zipkin's own Elasticsearch: its StatefulSet, its Service, and the `instance` label of its metrics. */
export const storageName = 'elasticsearch';

/** The `instance` label of what the spans are stored in. */
export const storageInstance = 'trace-storage';

/** Secrets that are made in the cluster for Zipkin's own Elasticsearch. */
export const storageUser = 'zipkin';
export const storageSecret = 'zipkin-storage';
export const storageCertificate = 'elasticsearch-tls';

/** Where spans are stored, and what it takes to get there. */
export interface TraceStorage {
  /** Whether it is of the stack. */
  readonly own: boolean;
  readonly urls: readonly string[];
  readonly addresses: readonly Address[];
  /** Has `username` and `password`. */
  readonly credentialsSecret?: string;
  /** Has `ca.crt` and `truststore.jks`. */
  readonly caSecret?: string;
}

export function traceStorage({ tracing }: Pick<Config, 'tracing'>): TraceStorage {
  const { elasticsearch, tls } = tracing;
  if (elasticsearch)
    return { own: false, ...elasticsearch, addresses: elasticsearch.urls.map((url) => urlAddress(url)) };
  return {
    own: true,
    urls: [`${tls ? 'https' : 'http'}://${storageName}:9200`],
    addresses: [{ host: storageName, port: 9200 }],
    credentialsSecret: storageSecret,
    ...(tls ? { caSecret: storageCertificate } : {}),
  };
}

/** How many nodes Zipkin's own Elasticsearch has. */
export const storageNodes = ({ profile }: Pick<Config, 'profile'>): number => (profile === 'scale' ? 3 : 1);

/** How many pods Zipkin has. */
export const zipkinPods = ({ profile }: Pick<Config, 'profile'>): number => (profile === 'scale' ? 2 : 1);

/** Copies of each shard: an Elasticsearch of somebody else's decides about its nodes itself, so one is taken for given. */
export const storageReplicas = ({ profile, tracing }: Pick<Config, 'profile' | 'tracing'>): number =>
  tracing.replicas ?? (tracing.elasticsearch || storageNodes({ profile }) > 1 ? 1 : 0);

/**
 * Where Zipkin throttles: requests to its storage at once, and messages that may wait. One of some hundred spans is half a
 * megabyte: what waits has to fit into a heap of 256 MiB, or of 1 GiB, beside what that is for.
 */
export const storageThrottle = ({ profile }: Pick<Config, 'profile'>): { concurrency: number; queue: number } =>
  profile === 'scale' ? { concurrency: 64, queue: 400 } : { concurrency: 16, queue: 100 };

/** What a program of ours needs to ask an Elasticsearch; read by `elasticsearchOfEnvironment` of clients/elasticsearch.ts. */
export const elasticsearchEnv = ({
  urls,
  credentialsSecret,
  caSecret,
}: Pick<TraceStorage, 'urls' | 'credentialsSecret' | 'caSecret'>): EnvVar[] => [
  { name: 'ELASTICSEARCH_URLS', value: urls.join(',') },
  ...(credentialsSecret
    ? [
        { name: 'ELASTICSEARCH_USERNAME', secret: credentialsSecret, key: 'username' },
        { name: 'ELASTICSEARCH_PASSWORD', secret: credentialsSecret, key: 'password' },
      ]
    : []),
  ...(caSecret ? [{ name: 'ELASTICSEARCH_CA', secret: caSecret, key: 'ca.crt' }] : []),
];

/** What has to be made in the cluster for Zipkin's own Elasticsearch. */
export function storageSecrets(config: Pick<Config, 'namespace' | 'tracing' | 'profile'>): WantedSecret[] {
  const { namespace, tracing } = config;
  if (tracing.elasticsearch) return [];
  const password = { namespace, secret: storageSecret, username: storageUser, elasticsearchUser: true };
  // Nodes of a cluster know each other by certificates, whatever their clients do.
  if (!tracing.tls && storageNodes(config) === 1) return [password];
  const hosts = [storageName, `${storageName}.${namespace}.svc`, `*.${storageName}-pods.${namespace}.svc`, 'localhost'];
  return [password, { namespace, secret: storageCertificate, certificate: { hosts } }];
}

/** Whether two addresses lead to the same server, however much of its name each of them spells out. */
export function sameServer(a: Address, b: Address, namespace: string): boolean {
  const full = ({ host, port }: Address) => {
    const labels = host.split('.');
    const svc = labels.indexOf('svc');
    // Pods of a Service are the same server as the Service.
    if (svc >= 2) return `${labels[svc - 2]}.${labels[svc - 1]}:${port}`;
    return labels.length === 1 ? `${host}.${namespace}:${port}` : `${host}:${port}`;
  };
  return full(a) === full(b);
}
