import { parseAddress, whereabouts } from './address.ts';
import type { Config } from './config.ts';
import type { Stage } from './stage.ts';

/** A data system under test. */
export interface DataSystem {
  /** As the config calls it, and the label `instance` of its metrics. */
  readonly instance: string;
  readonly kind: 'mysql' | 'redis' | 'kafka' | 'elasticsearch';
  /** Label `service` of its containers, and where they run; left out: it is outside the cluster. */
  readonly workload?: string;
  readonly namespace?: string;
}

/** The data systems of a config, with the workloads that their addresses lead to. */
export function dataSystems(config: Pick<Config, 'namespace' | DataSystem['kind']>): DataSystem[] {
  const system = (kind: DataSystem['kind'], instance: string, address = ''): DataSystem => ({
    instance,
    kind,
    ...workloadBehind(parseAddress(address).host, config.namespace),
  });
  return [
    ...config.mysql.map(({ name, address }) => system('mysql', name, address)),
    ...config.redis.map(({ name, address }) => system('redis', name, address)),
    ...config.kafka.map(({ name, brokers }) => system('kafka', name, brokers[0])),
    ...config.elasticsearch.map(({ name, address }) => system('elasticsearch', name, address)),
  ];
}

/** Services are called like their workloads; a pod of a StatefulSet has a number behind that. */
function workloadBehind(host: string, own: string): Pick<DataSystem, 'workload' | 'namespace'> {
  const { namespace } = whereabouts(host, own);
  const [first = ''] = host.split('.');
  const ofPod = host.split('.').indexOf('svc') === 3;
  return namespace === undefined ? {} : { workload: ofPod ? first.replace(/-\d+$/, '') : first, namespace };
}

/**
 * Where containers of data systems stand on the way of a request: in the stage of the calls to them, further from the
 * user than what services run out of. What is sent to Kafka is sent behind the requests.
 */
export const placeOfSystem: Readonly<Record<DataSystem['kind'], { stage: Stage; depth: number } | undefined>> = {
  mysql: { stage: 'database', depth: 8 },
  redis: { stage: 'cache', depth: 8 },
  elasticsearch: { stage: 'downstream', depth: 8 },
  kafka: undefined,
};
