import { k8s } from 'cdk8s-plus-27';
import type { Config } from '../model/config.ts';
import { storageReplicas, storageThrottle, traceStorage } from '../model/tracing.ts';
import { type PodProps, secretVolume, type Volume } from './lib/pod.ts';

/** Where the pod of Zipkin has the user's name and password, and whom it trusts. */
const credentials = '/credentials/credentials.properties';
const truststore = '/truststore/truststore.jks';

/** What of Zipkin's pod follows from where it stores spans. */
interface ZipkinStorage {
  readonly env: Readonly<Record<string, string>>;
  readonly javaOptions: readonly string[];
  readonly volumes: readonly Volume[];
  readonly init?: PodProps['init'];
}

/** @param image of Node */
export function zipkinStorage(config: Config, image: string): ZipkinStorage {
  const { tracing } = config;
  const { urls, credentialsSecret, caSecret } = traceStorage(config);
  return {
    env: {
      STORAGE_TYPE: 'elasticsearch',
      ES_HOSTS: urls.join(','),
      ES_INDEX: tracing.index,
      ES_INDEX_SHARDS: String(tracing.shards),
      ES_INDEX_REPLICAS: String(storageReplicas(config)),
      ...(tracing.templatePriority === undefined ? {} : { ES_TEMPLATE_PRIORITY: String(tracing.templatePriority) }),
      ...(credentialsSecret ? { ES_CREDENTIALS_FILE: credentials } : {}),
      ...(tracing.throttle ? throttle(config) : {}),
    },
    // Zipkin takes these for its storage; what it trusts otherwise, it asks nothing of.
    javaOptions: caSecret
      ? [`-Djavax.net.ssl.trustStore=${truststore}`, '-Djavax.net.ssl.trustStorePassword=changeit']
      : [],
    volumes: [
      ...(credentialsSecret ? [credentialsVolume] : []),
      ...(caSecret ? [secretVolume('truststore', caSecret, '/truststore', ['truststore.jks'])] : []),
    ],
    ...(credentialsSecret ? { init: writeCredentials(image, credentialsSecret) } : {}),
  };
}

const throttle = (config: Config) => {
  const { concurrency, queue } = storageThrottle(config);
  return {
    STORAGE_THROTTLE_ENABLED: 'true',
    STORAGE_THROTTLE_MIN_CONCURRENCY: '2',
    STORAGE_THROTTLE_MAX_CONCURRENCY: String(concurrency),
    STORAGE_THROTTLE_MAX_QUEUE_SIZE: String(queue),
  };
};

/** On no disk. */
const credentialsVolume: Volume = {
  name: 'credentials',
  mountPath: '/credentials',
  source: { emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') } },
};

/** Zipkin wants both in one file of properties, so that a password is in the environment of none of its processes. */
const writeCredentials = (image: string, secret: string): PodProps['init'] => ({
  name: 'write-credentials',
  image,
  command: ['node', '--eval', credentialsProgram],
  env: [
    { name: 'FILE', value: credentials },
    { name: 'USERNAME', secret, key: 'username' },
    { name: 'PASSWORD', secret, key: 'password' },
  ],
  mounts: [{ name: 'credentials', mountPath: '/credentials' }],
});

/** As Java reads properties: each character by its code, so that none of them means something. */
const credentialsProgram = `
const { FILE, USERNAME, PASSWORD } = process.env;
const quoted = (text) => text.replace(/[^]/g, (unit) => '\\\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
require('node:fs').writeFileSync(
  FILE,
  'zipkin.storage.elasticsearch.username=' + quoted(USERNAME) +
    '\\nzipkin.storage.elasticsearch.password=' + quoted(PASSWORD) + '\\n',
);
`;
