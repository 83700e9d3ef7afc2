import type { DebugLog } from '../kafka-client.ts';
import type { ClientName } from '../options.ts';
import type { Driver, DriverOptions } from './driver.ts';

/** @throws BotError where no broker can be reached, none takes the credentials, or the client lacks what is asked for */
export async function connectDriver(client: ClientName, options: DriverOptions, log?: DebugLog): Promise<Driver> {
  // Each is loaded when it is wanted: the one does not run on every Node, and the other takes its time.
  if (client === 'platformatic') return (await import('./platformatic.ts')).connectPlatformatic(options, log);
  return (await import('./kafkajs.ts')).connectKafkajs(options, log);
}
