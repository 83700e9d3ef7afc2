import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Fault } from '../faults.ts';
import { ok } from './api-server.ts';
import { ApiError } from './errors.ts';
import type { Health } from './health.ts';
import type { Switchboard } from './switches.ts';
import type { Telemetry } from './telemetry.ts';

/** Health, metrics and faults, on a port that only the cluster reaches. */
export function managementServer(
  { meters, log }: Telemetry,
  health: Health,
  switchboard: Switchboard,
): FastifyInstance {
  const server = fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  server.get('/actuator/health/liveness', async () => ({ status: 'UP' }));
  server.get('/actuator/health/readiness', async (_request, reply) => {
    return reply.status(health.ready ? 200 : 503).send(health.report);
  });
  server.get('/actuator/prometheus', async (_request, reply) => {
    return reply.type(meters.registry.contentType).send(await meters.registry.metrics());
  });

  server.get('/admin/faults', async () => ok(switchboard.faults.map(({ name }) => switchboard.state(name))));
  server.delete('/admin/faults', async () => {
    // One that cannot be mended now keeps none of the others on.
    const outcomes = await Promise.allSettled(switchboard.faults.map(({ name }) => switchboard.off(name)));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    log.warn('all faults are off');
    return ok(switchboard.faults.map(({ name }) => switchboard.state(name)));
  });
  for (const fault of switchboard.faults) {
    const path = `/admin/faults/${fault.name}`;
    server.put<{ Body: Record<string, number> }>(path, { schema: { body: bodySchema(fault) } }, async ({ body }) => {
      await switchboard.on(fault.name, body);
      log.warn({ fault: fault.name, parameters: body }, `fault ${fault.name} is on`);
      return ok(switchboard.state(fault.name));
    });
    server.delete(path, async () => {
      await switchboard.off(fault.name);
      log.warn({ fault: fault.name }, `fault ${fault.name} is off`);
      return ok(switchboard.state(fault.name));
    });
  }
  server.setErrorHandler((error: FastifyError | ApiError, _request, reply) => {
    const status = (error instanceof ApiError ? error.status : error.statusCode) ?? 500;
    if (status >= 500) log.error({ err: error }, error.message);
    return reply.status(status).send({ success: false, error: { code: 'FAULT_NOT_CHANGED', message: error.message } });
  });
  return server;
}

/** The parameters as a body in which each may be left out. */
const bodySchema = ({ parameters }: Fault) => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(parameters).map(([name, { minimum, maximum, default: value }]) => [
      name,
      { type: 'integer', minimum, maximum, default: value },
    ]),
  ),
});
