import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { alertmanager } from './alertmanager.ts';
import { containers } from './containers/index.ts';
import { elasticsearch } from './elasticsearch/index.ts';
import { k6 } from './k6/index.ts';
import { kafka } from './kafka/index.ts';
import { kafkaBot } from './kafka-bot/index.ts';
import { kubeStateMetrics } from './kube-state-metrics/index.ts';
import { mysql } from './mysql/index.ts';
import { prometheus } from './prometheus/index.ts';
import { redis } from './redis/index.ts';
import { runs } from './runs.ts';
import { service } from './service.ts';
import { zipkin } from './zipkin.ts';

/** Every kind of target, in the order of the dashboards. A target is undefined where the config has none of it. */
const all: readonly ((config: Config) => Target | undefined)[] = [
  k6,
  runs,
  containers,
  mysql,
  redis,
  kafka,
  kafkaBot,
  elasticsearch,
  service,
  kubeStateMetrics,
  zipkin,
];

/** Those that a cluster with a Prometheus of its own has already. */
const monitoring: typeof all = [prometheus, alertmanager];

export const targets = (config: Config): Target[] =>
  [...all, ...(config.output.mode === 'plain' ? monitoring : [])]
    .map((target) => target(config))
    .filter((target) => target !== undefined);
