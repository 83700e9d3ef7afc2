import type { TraceStorage } from '../model/tracing.ts';
import { emptyDirVolume, type PodProps, secretVolume } from './lib/pod.ts';

interface SparkProps {
  readonly name: string;
  readonly image: string;
  readonly index: string;
  readonly storage: TraceStorage;
  readonly day: 'today' | 'yesterday';
}

/** The image's `date` knows no "yesterday". */
const ofYesterday =
  'now=`date +%s`; before=`expr $now - 86400`; exec start-zipkin-dependencies `date -u -d @$before +%F`';

/** The Spark job of OpenZipkin, for those whose graph has to be made by it. It holds all the traces of a day at once. */
export function sparkPod({ name, image, index, storage, day }: SparkProps): PodProps {
  const { urls, credentialsSecret, caSecret } = storage;
  const trust = caSecret
    ? ' -Djavax.net.ssl.trustStore=/truststore/truststore.jks -Djavax.net.ssl.trustStorePassword=changeit'
    : '';
  return {
    name,
    image,
    // Without an argument, today's.
    ...(day === 'yesterday' ? { command: ['sh', '-c', ofYesterday] } : {}),
    env: [
      { name: 'STORAGE_TYPE', value: 'elasticsearch' },
      { name: 'ES_HOSTS', value: urls.join(',') },
      { name: 'ES_INDEX', value: index },
      // Nodes tell of addresses that are none outside of them, or that no policy lets through.
      { name: 'ES_NODES_WAN_ONLY', value: 'true' },
      ...(credentialsSecret
        ? [
            { name: 'ES_USERNAME', secret: credentialsSecret, key: 'username' },
            { name: 'ES_PASSWORD', secret: credentialsSecret, key: 'password' },
          ]
        : []),
      { name: 'JAVA_OPTS', value: `-Xms256m -Xmx1g -XX:+ExitOnOutOfMemoryError${trust}` },
    ],
    user: 1000,
    resources: { requests: { cpu: 100, memory: 512 }, limits: { cpu: 2000, memory: 1536 } },
    // What does not fit its memory goes there.
    ephemeralStorage: 2048,
    volumes: [
      emptyDirVolume('tmp', '/tmp', 1536),
      // And not the server's key, which may be in the same Secret.
      ...(caSecret ? [secretVolume('truststore', caSecret, '/truststore', ['truststore.jks'])] : []),
    ],
  };
}
