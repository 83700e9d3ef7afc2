import type { Resources } from '../model/target.ts';

/** An exporter at rest takes 10 to 20 MiB; its scrapes are short bursts. */
export const exporterResources: Resources = {
  requests: { cpu: 10, memory: 32 },
  limits: { cpu: 200, memory: 128 },
};
