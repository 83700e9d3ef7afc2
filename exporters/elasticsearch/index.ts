import { parseAddress } from '../../model/address.ts';
import type { Config } from '../../model/config.ts';
import { max, ruleWindow, select, sum } from '../../model/promql.ts';
import { type Exporter, type Resources, scrapeTimeout, type Target } from '../../model/target.ts';
import { elasticsearchEnv, storageInstance, type TraceStorage, traceStorage } from '../../model/tracing.ts';
import { alerts } from './alerts.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { disk, heap, rejections, underTest } from './use.ts';

const health = max(select(metrics.up), 'instance');

/** Elasticsearch and OpenSearch under test, and what spans are stored in, one exporter of ours each. */
export function elasticsearch(config: Config): Target {
  const { elasticsearch: servers, tracing } = config;
  const storage = traceStorage(config);
  const window = ruleWindow(config);
  return {
    name: 'elasticsearch',
    title: 'Elasticsearch',
    metrics,
    exporters: [
      ...servers.map(({ name, address, tls, credentialsSecret, caSecret }) =>
        exporter(config, {
          instance: name,
          urls: [`${tls ? 'https' : 'http'}://${address}`],
          addresses: [parseAddress(address)],
          ...(credentialsSecret ? { credentialsSecret } : {}),
          ...(caSecret ? { caSecret } : {}),
        }),
      ),
      exporter(config, { instance: storageInstance, ...storage, indices: `${tracing.index}-span-*` }),
    ],
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: alerts(config, health),
    // Of what is measured: no request waits for the storage of its trace.
    resources: servers.length
      ? [
          {
            resource: 'elasticsearch-threads',
            place: { stage: 'downstream', depth: 9 },
            facet: 'errors',
            of: 'instance',
            // One request per second that found the queue full: each is a search or an order that failed.
            pressure: sum(rejections(window, underTest), 'instance'),
          },
          {
            resource: 'elasticsearch-heap',
            place: { stage: 'downstream', depth: 8 },
            facet: 'utilization',
            of: 'instance',
            pressure: `${heap(window, underTest)} / 0.85`,
          },
          {
            resource: 'elasticsearch-disk',
            facet: 'utilization',
            of: 'instance',
            pressure: `${disk(underTest)} / 0.95`,
          },
        ]
      : [],
    panels,
  };
}

/** Node takes some 60 MiB before it has asked anything. */
const resources: Resources = {
  requests: { cpu: 10, memory: 64 },
  limits: { cpu: 200, memory: 160 },
};

interface Watched extends Pick<TraceStorage, 'urls' | 'addresses' | 'credentialsSecret' | 'caSecret'> {
  readonly instance: string;
  /** Which indices it tells the size of. Left out: none. */
  readonly indices?: string;
}

const exporter = ({ scrapeInterval }: Config, { instance, addresses, indices, ...server }: Watched): Exporter => ({
  name: `elasticsearch-exporter-${instance}`,
  instance,
  ofStack: instance === storageInstance,
  image: 'node',
  program: 'bots/elasticsearch-exporter/main.ts',
  env: [
    ...elasticsearchEnv(server),
    ...(indices ? [{ name: 'INDEX_PATTERN', value: indices }] : []),
    // An answer has to be on its way before the scrape is given up, or health would be unknown in the place of 0.
    { name: 'TIMEOUT_SECONDS', value: (Number.parseInt(scrapeTimeout(scrapeInterval), 10) * 0.8).toFixed(1) },
  ],
  port: 9114,
  probePath: '/healthz',
  user: 65534,
  resources,
  connects: addresses,
});
