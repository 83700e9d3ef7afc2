import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';

const require = createRequire(import.meta.url);

type Subcommand = (program: Command) => void;

/**
 * The `loadscope` command. A subcommand is a function that adds itself to the program, and a line in this table. Only the
 * one that is asked for is loaded, since what all of them import takes a second.
 */
const subcommands: Readonly<Record<string, () => Subcommand>> = {
  launch: () => require('./launch.ts').launch,
  status: () => require('./status.ts').status,
  logs: () => require('./logs.ts').logs,
  stop: () => require('./stop.ts').stop,
  list: () => require('./list.ts').list,
  traces: () => require('./traces.ts').traces,
  doctor: () => require('./doctor.ts').doctor,
  verdict: () => require('./verdict.ts').verdict,
  archive: () => require('./archive.ts').archive,
  report: () => require('./report.ts').report,
  compare: () => require('./compare.ts').compare,
  trends: () => require('./trends.ts').trends,
  dashboards: () => require('./dashboards.ts').dashboards,
};

/** Nothing was done or found out: bad flags, a bad config, a server that is out of reach. 1 is for what was found. */
const failed = 2;

const program = new Command('loadscope')
  .description('Load tests on Kubernetes, and what gives way first.')
  .exitOverride()
  .configureOutput({
    // One line, as of every other mistake of the user; Commander puts what was meant on a second.
    outputError: (message, write) => {
      const line = message.trim().replaceAll(/\s*\n\s*/g, ' ');
      write(`${line}${line.endsWith('.') ? '' : '.'} See --help for what there is.\n`);
    },
  });
const asked = subcommands[process.argv[2] ?? ''];
for (const load of asked ? [asked] : Object.values(subcommands)) load()(program);

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? undefined : failed));

program.parseAsync().catch((error: NodeJS.ErrnoException) => {
  process.exitCode = failed;
  // It has said so itself; to show its help is no failure.
  if (error instanceof CommanderError) process.exitCode = error.exitCode ? failed : 0;
  // The user's to mend, or what the file system says. Anything else is a defect of ours.
  else if (
    ['ArchiveError', 'CliError', 'ConfigError', 'KubectlError', 'ManifestError'].includes(error.name) ||
    error.code
  )
    console.error(`error: ${error.message}`);
  else console.error(error.stack);
});
