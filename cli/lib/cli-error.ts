/** A command cannot do what it is asked for. Its message is meant for the user as it stands: what, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
