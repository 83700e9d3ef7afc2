import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import { demoPorts } from '../../model/demo.ts';
import { faults, type ServiceName } from '../faults.ts';

interface Answer {
  readonly service: ServiceName;
  readonly address: string;
  readonly status: number;
  readonly body: unknown;
}

/** One place for the faults of all services: what is asked here is asked of every pod of the service it is about. */
export function faultControl(server: FastifyInstance, services: readonly ServiceName[]): void {
  server.get('/admin/shop/faults', async () => ({
    faults: faults.map(({ name, service, cause, bottleneck, parameters }) => ({
      name,
      service,
      cause,
      bottleneck,
      parameters,
    })),
    pods: await ask(services, 'GET', '/admin/faults'),
  }));

  server.delete('/admin/shop/faults', async (_request, reply) =>
    together(reply, await ask(services, 'DELETE', '/admin/faults')),
  );

  server.route<{ Params: { name: string } }>({
    url: '/admin/shop/faults/:name',
    method: ['PUT', 'DELETE'],
    handler: async ({ method, params: { name }, body }, reply) => {
      const fault = faults.find((one) => one.name === name);
      if (!fault)
        return reply.status(404).send({
          success: false,
          error: {
            code: 'NOT_FOUND',
            message: `there is no fault ${name}: ${faults.map((one) => one.name).join(', ')}`,
          },
        });
      return together(
        reply,
        await ask([fault.service], method, `/admin/faults/${name}`, method === 'PUT' ? (body ?? {}) : undefined),
      );
    },
  });
}

/** The worst status of all answers, and each of them. */
const together = (reply: { status(code: number): { send(body: unknown): unknown } }, pods: readonly Answer[]) => {
  const worst = Math.max(...pods.map(({ status }) => status));
  return reply.status(worst).send({ success: worst < 400, pods });
};

async function ask(services: readonly ServiceName[], method: string, path: string, body?: unknown): Promise<Answer[]> {
  const answers = await Promise.all(
    services.map(async (service) => {
      try {
        const addresses = await lookup(`${service}-pods`, { all: true });
        return await Promise.all(
          addresses.map(({ address, family }) => one(service, family === 6 ? `[${address}]` : address)),
        );
      } catch (error) {
        return [{ service, address: '', status: 503, body: (error as Error).message }];
      }
    }),
  );
  return answers.flat();

  async function one(service: ServiceName, address: string): Promise<Answer> {
    try {
      const response = await fetch(`http://${address}:${demoPorts.management}${path}`, {
        method,
        signal: AbortSignal.timeout(30_000),
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      return { service, address, status: response.status, body: await response.json() };
    } catch (error) {
      const { message, cause } = error as Error;
      return { service, address, status: 503, body: cause instanceof Error ? cause.message : message };
    }
  }
}
