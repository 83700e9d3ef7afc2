import type { Connection } from '../../clients/connection.ts';
import { HttpError } from '../../clients/http-error.ts';
import { CliError } from './cli-error.ts';

/**
 * What to say where nothing can be asked.
 *
 * @param place where that is, as the user knows it
 */
export function refusal(error: unknown, { url }: Connection, place = `--prometheus ${url}`): unknown {
  if (!(error instanceof HttpError)) return error;
  const { failure, message } = error;
  const more = {
    unauthorised: ' It does not let us in: give --token-file, or --username and --password-file.',
    foreign: ' There is no API of Prometheus below this address; is a path prefix missing?',
  };
  return new CliError(`${place}: ${message}.${more[failure as keyof typeof more] ?? ''}`);
}
