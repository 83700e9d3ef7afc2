/** Tells Prometheus how an Elasticsearch or OpenSearch is; what it asks, it asks when it is scraped. */
import { elasticsearchOfEnvironment } from '../../clients/elasticsearch.ts';
import { exposition } from './exposition.ts';
import { server } from './server.ts';

try {
  const { PORT = '9114', INDEX_PATTERN, TIMEOUT_SECONDS = '8' } = process.env;
  const elasticsearch = elasticsearchOfEnvironment(process.env, Number(TIMEOUT_SECONDS));
  const listening = server(() => exposition(elasticsearch, INDEX_PATTERN)).listen(Number(PORT));
  process.once('SIGTERM', () => {
    listening.close();
    listening.closeAllConnections();
    void elasticsearch.close();
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
