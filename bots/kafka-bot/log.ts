import { destination, pino } from 'pino';

/** Lines of JSON, on standard error: standard output is for what the bot was asked for. */
export const log = pino(
  { level: process.env.LOG_LEVEL ?? 'info', base: {}, timestamp: pino.stdTimeFunctions.isoTime },
  // At once, so that the last line is there whatever ends the process.
  destination({ dest: 2, sync: true }),
);
