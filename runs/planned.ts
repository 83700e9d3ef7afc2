import type { Config } from '../model/config.ts';
import { kafkaBot } from './generator.ts';
import type { PlannedTest } from './plan.ts';
import { secondsOf } from './settings.ts';

/** Environment variable of a coordinator for the password in a Secret. */
export const passwordVariable = (secret: string): string =>
  `PASSWORD_OF_${secret.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** A load test of the config as coordinators know it, but for its pods. */
export function plannedOf(test: Config['loadTests'][number]): Omit<PlannedTest, 'template'> {
  const { scenario, profile, service, url, runners, engine, parameters, users, load } = test;
  const { duration, ...rest } = load;
  return {
    ...{ scenario, profile, service, url, runners, engine, parameters },
    load: { ...rest, ...(duration ? { duration: secondsOf('duration', duration) } : {}) },
    ...(users ? { users: usersOf(users) } : {}),
  };
}

/** The same of a Kafka bot. */
export function plannedBot(
  { profile, service = '', runners, load, cluster }: Config['kafkaBots'][number],
  { kafka }: Pick<Config, 'kafka'>,
): Omit<PlannedTest, 'template'> {
  const { duration, ...rest } = load;
  return {
    ...{ scenario: kafkaBot, profile, service, runners, engine: 'jobs', parameters: {} },
    url: kafka.find(({ name }) => name === cluster)?.brokers.join(',') ?? '',
    load: { ...rest, ...(duration ? { duration: secondsOf('duration', duration) } : {}) },
  };
}

const usersOf = ({ secret, ...users }: NonNullable<Config['loadTests'][number]['users']>) => ({
  ...users,
  passwordVariable: passwordVariable(secret),
});
