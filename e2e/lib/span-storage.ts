import { Elasticsearch } from '../../clients/elasticsearch.ts';
import { storageCertificate, storageName, storageSecret } from '../../model/tracing.ts';
import { kubectlJson, portForward } from './kubectl.ts';

/** What Zipkin stores its spans in, as one with its password sees it from here. */
export interface SpanStorage {
  readonly elasticsearch: Elasticsearch;
  /** The same without a password. */
  readonly asStranger: Elasticsearch;
  close(): Promise<void>;
}

export async function spanStorage(namespace: string): Promise<SpanStorage> {
  const secret = async (name: string) => {
    const { data } = await kubectlJson<{ data: Record<string, string> }>('-n', namespace, 'get', 'secret', name);
    return (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
  };
  const [user, certificate] = await Promise.all([secret(storageSecret), secret(storageCertificate)]);
  const forward = await portForward(namespace, `pod/${storageName}-0`, 9200);
  const server = {
    // The certificate has no name that a forward would have but this.
    urls: [forward.url.replace('http://127.0.0.1', 'https://localhost')],
    ca: certificate('ca.crt'),
  };
  const elasticsearch = new Elasticsearch({ ...server, username: user('username'), password: user('password') });
  const asStranger = new Elasticsearch(server);
  return {
    elasticsearch,
    asStranger,
    close: async () => {
      await Promise.all([elasticsearch.close(), asStranger.close()]);
      forward.close();
    },
  };
}
