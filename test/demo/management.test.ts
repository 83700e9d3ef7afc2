import { faults } from '../../demo/faults.ts';
import { Health } from '../../demo/lib/health.ts';
import { managementServer } from '../../demo/lib/management-server.ts';
import { Switchboard } from '../../demo/lib/switches.ts';
import { demoServices } from '../../model/demo.ts';
import { testTelemetry } from './telemetry.ts';

const stops: Health[] = [];
afterEach(() => {
  for (const health of stops.splice(0)) health.stop();
});

function server(check: () => Promise<unknown> = async () => undefined) {
  const changes: unknown[] = [];
  const health = new Health({ mysql: check });
  stops.push(health);
  health.start();
  const switchboard = new Switchboard({
    'slow-consumer': { on: (parameters) => void changes.push(parameters), off: () => void changes.push('off') },
  });
  return { changes, health, management: managementServer(testTelemetry().telemetry, health, switchboard) };
}

describe('a fault', () => {
  test('is switched on with its defaults or with what is given, and off again', async () => {
    const { management, changes } = server();
    const url = '/admin/faults/slow-consumer';
    expect((await management.inject({ method: 'PUT', url, payload: {} })).json()).toEqual({
      success: true,
      data: { name: 'slow-consumer', active: true, parameters: { delayMs: 2000 } },
    });
    await management.inject({ method: 'PUT', url, payload: { delayMs: 5 } });
    await management.inject({ method: 'DELETE', url });
    expect(changes).toEqual([{ delayMs: 2000 }, { delayMs: 5 }, 'off']);
    expect((await management.inject('/admin/faults')).json()).toEqual({
      success: true,
      data: [{ name: 'slow-consumer', active: false }],
    });
  });

  test.each([
    [{ delayMs: 0 }, 'body/delayMs must be >= 1'],
    [{ delayMs: '10' }, 'body/delayMs must be integer'],
    [{ delay: 10 }, 'body must NOT have additional properties'],
  ])('with %j is refused, and nothing changes', async (payload, message) => {
    const { management, changes } = server();
    const answer = await management.inject({ method: 'PUT', url: '/admin/faults/slow-consumer', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { message } });
    expect(changes).toEqual([]);
  });

  test('of another service is not known', async () => {
    const { management } = server();
    expect((await management.inject({ method: 'PUT', url: '/admin/faults/row-lock', payload: {} })).statusCode).toBe(
      404,
    );
  });
});

describe('ready', () => {
  const readiness = async (check?: () => Promise<unknown>) => {
    const { management, health } = server(check);
    await new Promise(setImmediate);
    return { management, health, answer: await management.inject('/actuator/health/readiness') };
  };

  test('is a service whose systems answer, until it is told to end', async () => {
    const { management, health, answer } = await readiness();
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { status: 'UP', components: { mysql: { status: 'UP' } } },
    ]);
    health.stop();
    expect((await management.inject('/actuator/health/readiness')).statusCode).toBe(503);
    expect((await management.inject('/actuator/health/liveness')).statusCode).toBe(200);
  });

  test('is not a service that lacks one, and it says which and why', async () => {
    const { answer } = await readiness(() => Promise.reject(new Error('connect ECONNREFUSED')));
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'DOWN', components: { mysql: { status: 'DOWN', details: { error: 'connect ECONNREFUSED' } } } },
    ]);
  });
});

describe('the list of faults', () => {
  test('has each name once, a service of the shop, and a bottleneck', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    for (const { service, bottleneck } of faults) {
      expect(demoServices).toContain(service);
      expect([...demoServices, 'demo-mysql', 'demo-redis', 'demo-kafka']).toContain(bottleneck.of);
    }
  });
});
