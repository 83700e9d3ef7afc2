import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { demoPorts } from '../../model/demo.ts';
import { type Checks, Health } from './health.ts';
import { managementServer } from './management-server.ts';
import { Switchboard, type Switches } from './switches.ts';
import type { Telemetry } from './telemetry.ts';

/** What a service is made of. */
export interface Service {
  /** Answers its callers; a consumer of events has none. */
  readonly api?: FastifyInstance;
  readonly checks: Checks;
  readonly switches: Switches;
  /** Routes beside health, metrics and faults. */
  readonly manage?: (server: FastifyInstance) => void;
  /** Begins with what it does unasked, when the systems it needs answer; it is ready after that. */
  start?(): Promise<void>;
  /** Ends that, with nothing lost, and closes its connections. */
  stop?(): Promise<void>;
}

/** Milliseconds until every node has heard that a pod is no longer ready. */
const drain = 5000;

/**
 * Runs a service until it is told to end. It then stops being ready, answers on while its callers find out,
 * finishes what it has begun, and only then leaves.
 */
export async function run(telemetry: Telemetry, service: Service): Promise<void> {
  const { log } = telemetry;
  const { api } = service;
  const health = new Health(service.checks);
  const management = managementServer(telemetry, health, new Switchboard(service.switches));
  service.manage?.(management);

  let stopping = false;
  // A caller that keeps its connection would send the next request to a server that is gone.
  api?.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    log.info('told to end: no longer ready');
    health.stop();
    await sleep(drain);
    await api?.close();
    await service.stop?.();
    await telemetry.close();
    await management.close();
    log.info('ended');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

  await management.listen({ host: '::', port: demoPorts.management });
  await api?.listen({ host: '::', port: demoPorts.http });
  log.info(`listening on ${api ? `${demoPorts.http} and ` : ''}${demoPorts.management}`);
  await health.answered();
  await service.start?.();
  health.start();
}
