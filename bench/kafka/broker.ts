import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/** A broker of Kafka's own jars, alone in a folder. */
export interface Broker {
  readonly address: string;
  stop(): Promise<void>;
}

const patience = 60_000;

export async function startBroker(libs: string, folder: string): Promise<Broker> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(folder, 'server.properties');
  writeFileSync(
    properties,
    [
      'process.roles=broker,controller',
      'node.id=1',
      `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
      `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      'controller.listener.names=CONTROLLER',
      `log.dirs=${join(folder, 'data')}`,
      'auto.create.topics.enable=false',
      'offsets.topic.replication.factor=1',
      // What was written is deleted when its topic is, so that no run finds a fuller disk than the one before.
      'file.delete.delay.ms=0',
    ].join('\n'),
  );
  const format = java(libs, ['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', properties]);
  if (format.status !== 0) throw new Error(format.stderr);

  // As kafka-server-start.sh has it.
  const server = spawn('java', ['-Xmx1g', '-Xms1g', '-cp', `${libs}/*`, 'kafka.Kafka', properties], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Whatever this ends of.
  process.once('exit', () => server.kill('SIGKILL'));
  const address = `127.0.0.1:${port}`;
  const stop = async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  const deadline = Date.now() + patience;
  while (!(await isReady(address))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error('the broker does not start');
    await sleep(500);
  }
  return { address, stop };
}

/** One of Kafka's programs, to its end. */
export const java = (libs: string, args: readonly string[]) =>
  spawnSync('java', ['-Xmx512m', '-cp', `${libs}/*`, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

async function isReady(address: string): Promise<boolean> {
  const admin = new Kafka({
    clientId: 'bench',
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}
