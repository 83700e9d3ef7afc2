import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';

/** The command lines of pages and of pipelines, and whether the command takes them. */

const main = join(import.meta.dirname, '../../cli/main.ts');

/** As the command has them: each in a file, which is loaded on demand. */
const subcommands = [...readFileSync(main, 'utf8').matchAll(/require\('\.\/(\w+)\.ts'\)\.(\w+)/g)].map(
  ([, file, name = '']): ((program: Command) => void) => require(join(main, `../${file}.ts`))[name],
);

/** The calls of `npx loadscope` in a script, as a shell would pass them on; of the variables, `$URL` alone has a value. */
export const callsIn = (script: string): string[][] =>
  script
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => [...line.matchAll(/npx loadscope ((?:"[^"]*"|[^"#;&|>])*)/g)])
    .map(([, words = '']) =>
      [...words.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) =>
        word.replaceAll('"', '').replace('$URL', 'http://localhost:9090'),
      ),
    );

/**
 * Parses the arguments of `loadscope`, and does nothing.
 *
 * @returns the mistake; undefined where there is none
 */
export function mistakeIn(args: readonly string[]): string | undefined {
  const program = new Command('loadscope');
  for (const add of subcommands) add(program);
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (command.commands.length) command.commands.forEach(quiet);
    else command.action(() => undefined);
  };
  quiet(program);
  try {
    program.parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
