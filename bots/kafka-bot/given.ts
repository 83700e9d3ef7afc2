import { Command, Option } from 'commander';
import { type Flag, flagTable } from './flag-table.ts';
import { BotError } from './options.ts';

type NameIn<Text> = Text extends `--no-${string}`
  ? never
  : Text extends `--${infer Name} <${string}`
    ? Name
    : Text extends `--${infer Name}`
      ? Name
      : never;

/** Such as `bootstrap-servers`. */
export type FlagName = NameIn<(typeof flagTable)[keyof typeof flagTable][number]['flag']>;

/** What was given, and where: by `--rate` or by `RATE`. */
export interface Given {
  readonly from: string;
  readonly text: string;
  /** A flag wins over a variable. */
  readonly byFlag: boolean;
}

/** What is asked for by flags and by variables, as text. */
export interface GivenFlags {
  get(name: FlagName): Given | undefined;
  /** Undefined where it is not given. */
  read<Value>(name: FlagName, reader: (given: Given) => Value): Value | undefined;
  /** Several of a flag, or of what a comma is between. */
  all(name: FlagName): readonly Given[];
  /** One that is no flag. An empty one is not set. */
  variable(name: string): Given | undefined;
}

export const version = '0.1.0';

/**
 * Shows the help or the version, and ends the process, where that is asked for.
 *
 * @throws BotError that names the flag which there is not
 */
export function givenFlags(args: readonly string[], environment: NodeJS.ProcessEnv): GivenFlags {
  if (args.some((arg) => /^--sasl-password(=|$)/.test(arg)))
    throw new BotError(
      '--sasl-password: everyone who may list processes would see it; set SASL_PASSWORD, or name a file in --sasl-password-file',
    );
  const program = command();
  // Taken apart here: where a flag is misspelt, its value is not shown, which may be a password.
  program.parse(
    args.flatMap((arg) => /^(--[^=]+)=(.*)$/s.exec(arg)?.slice(1) ?? arg),
    { from: 'user' },
  );
  if (program.args.length) throw new BotError(`"${program.args[0]}" belongs to no flag; see --help for what there is`);
  const variable = (name: string): Given | undefined => {
    const text = environment[name];
    return text ? { from: name, text, byFlag: false } : undefined;
  };
  const all = (name: FlagName): readonly Given[] => {
    const value: string | boolean | readonly string[] | undefined = program.getOptionValue(camelCase(name));
    if (value !== undefined)
      return [value].flat().map((text) => ({ from: `--${name}`, text: String(text), byFlag: true }));
    const flag = flags.find((one) => nameOf(one) === name);
    return [flag && variable(variableOf(flag))].filter((one) => one !== undefined);
  };
  return {
    get: (name) => all(name)[0],
    read: (name, reader) => {
      const [first] = all(name);
      return first && reader(first);
    },
    all: (name) => all(name).flatMap((given) => given.text.split(',').map((text) => ({ ...given, text: text.trim() }))),
    variable,
  };
}

/**
 * The one of several that was given.
 *
 * @throws BotError where more than one was, and none of them wins
 */
export function oneOf(...all: readonly (Given | undefined)[]): Given | undefined {
  const given = all.filter((one) => one !== undefined);
  const byFlag = given.filter((one) => one.byFlag);
  const [first, second] = byFlag.length ? byFlag : given;
  if (first && second) throw new BotError(`${first.from} and ${second.from} exclude each other: leave one of them out`);
  return first;
}

const flags: readonly Flag[] = Object.values(flagTable).flat();

const nameOf = ({ flag }: Flag): string => flag.replaceAll(/^--| .*$/g, '');

/** The variable that may be set in place of a flag. */
export const variableOf = (flag: Flag): string => flag.variable ?? nameOf(flag).toUpperCase().replaceAll('-', '_');

const camelCase = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function command(): Command {
  const program = new Command('kafka-bot')
    .description('Sends messages to Kafka at the times of a schedule, and proves that they arrive.')
    .version(version, '-V, --version', 'show its version')
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments()
    .configureOutput({ outputError: () => undefined })
    .exitOverride(({ exitCode, message }) => {
      // It has shown its help: what is left to do is what Commander does next, which is to exit.
      if (exitCode === 0) return;
      const line = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
      throw new BotError(`${line}; see --help for what there is`);
    })
    .addHelpText('after', helpEnd);
  for (const [heading, some] of Object.entries(flagTable))
    for (const flag of some as readonly Flag[]) program.addOption(optionOf(flag).helpGroup(`${heading}:`));
  return program;
}

function optionOf(flag: Flag): Option {
  const { help, usual } = flag;
  const variable = variableOf(flag);
  const option = new Option(
    flag.flag,
    [help, usual && `(default: ${usual})`, variable && `[${variable}]`].filter(Boolean).join(' '),
  );
  return flag.several ? option.argParser((text, before: readonly string[] = []) => [...before, text]) : option;
}

const helpEnd = `
Each flag can be set by the variable in brackets instead; a flag wins. By variable alone:
  SASL_PASSWORD  the password of --sasl-username
  TEMPLATE_JSON  the text of a --template-file
  LOAD           how much and when, as load tests get it: JSON with rate and stages

Exit codes: 0 pass; 1 fail; 2 invalid, or it could not run.
Example: kafka-bot --bootstrap-servers localhost:9092 --stages 100:30s,1000:30s,100:30s`;
