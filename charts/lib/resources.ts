import type { Config } from '../../model/config.ts';
import type { Resources } from '../../model/target.ts';

type Component = 'prometheus' | 'alertmanager' | 'grafana' | 'zipkin' | 'elasticsearch' | 'k6' | 'kafkaBot' | 'job';

/** CPU in millicores, memory in MiB. */
const of = (cpu: number, memory: number, cpuLimit: number, memoryLimit: number): Resources => ({
  requests: { cpu, memory },
  limits: { cpu: cpuLimit, memory: memoryLimit },
});

/**
 * What each part asks for. The default runs beside a shop on a two-core machine; `scale` is for over 50
 * services or soaks of hours, where Prometheus holds some 10 KiB for each of a few hundred thousand series.
 */
const table: Record<Config['profile'], Record<Component, Resources>> = {
  default: {
    prometheus: of(100, 512, 2000, 2048),
    alertmanager: of(10, 32, 200, 128),
    grafana: of(50, 128, 1000, 512),
    zipkin: of(50, 384, 1000, 512),
    elasticsearch: of(100, 1024, 2000, 1024),
    k6: of(200, 256, 2000, 1024),
    kafkaBot: of(100, 192, 2000, 512),
    job: of(10, 64, 500, 256),
  },
  scale: {
    prometheus: of(1000, 4096, 4000, 8192),
    alertmanager: of(50, 64, 500, 256),
    grafana: of(200, 256, 2000, 1024),
    zipkin: of(500, 1024, 2000, 2048),
    elasticsearch: of(1000, 4096, 4000, 4096),
    k6: of(1000, 1024, 4000, 4096),
    kafkaBot: of(1000, 512, 4000, 1024),
    job: of(10, 64, 500, 256),
  },
};

/** What the parts of the demo ask for. It is what is measured, so it is the same whatever the stack gets. */
export const demoResources = {
  service: of(30, 96, 500, 256),
  mysql: of(100, 256, 1000, 640),
  redis: of(20, 32, 500, 128),
  kafka: of(100, 512, 1000, 1024),
  elasticsearch: of(100, 1024, 1000, 1024),
};

export const resourcesFor = (profile: Config['profile'], component: Component): Resources => table[profile][component];
