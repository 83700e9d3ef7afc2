import type { RuleCase } from '../case.ts';
import { alertmanager } from './alertmanager.ts';
import { availability } from './availability.ts';
import { bottleneck } from './bottleneck.ts';
import { containerBudgets } from './container-budgets.ts';
import { containers } from './containers.ts';
import { elasticsearch } from './elasticsearch.ts';
import { k6 } from './k6.ts';
import { kafka } from './kafka.ts';
import { kafkaBot } from './kafka-bot.ts';
import { kafkaBotBudgets } from './kafka-bot-budgets.ts';
import { kafkaCluster } from './kafka-cluster.ts';
import { loadTest } from './load-test.ts';
import { mysql } from './mysql.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { prometheus } from './prometheus.ts';
import { redis } from './redis.ts';
import { requests } from './requests.ts';
import { resources } from './resources.ts';
import { resourcesOfSystems } from './resources-systems.ts';
import { serviceBudgets } from './service-budgets.ts';
import { services } from './services.ts';
import { stages } from './stages.ts';
import { targets } from './targets.ts';
import { zipkin } from './zipkin.ts';

/** Every rule on simulated series. */
export const cases: readonly RuleCase[] = [
  ...alertmanager,
  ...availability,
  ...bottleneck,
  ...containerBudgets,
  ...containers,
  ...elasticsearch,
  ...k6,
  ...kafka,
  ...kafkaBot,
  ...kafkaBotBudgets,
  ...kafkaCluster,
  ...loadTest,
  ...mysql,
  ...nodes,
  ...pods,
  ...prometheus,
  ...redis,
  ...requests,
  ...resources,
  ...resourcesOfSystems,
  ...serviceBudgets,
  ...services,
  ...stages,
  ...targets,
  ...zipkin,
];
