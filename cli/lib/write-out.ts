import { WriteError, writeFolder } from '../../report/write.ts';
import { CliError } from './cli-error.ts';

/**
 * Writes the folder of --out, as `writeFolder` does.
 *
 * @throws CliError where it cannot be written, or where something else is in it
 */
export const writeOut = (...args: Parameters<typeof writeFolder>): Promise<void> =>
  writeFolder(...args).catch((error) => {
    throw error instanceof WriteError ? new CliError(`--out ${error.message}`) : error;
  });
