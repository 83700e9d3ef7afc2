import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Kubectl } from '../../clients/kubectl.ts';
import { readConfig } from '../../model/config-file.ts';
import { testidMistake } from '../../runs/names.ts';
import { CliError } from '../lib/cli-error.ts';
import { Runs } from './runs.ts';

/** Seconds that an answer of the API server may take. */
const timeout = 10;

const defaultConfig = 'loadscope.yaml';

export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly config?: string;
}

/** Adds the flags by which a cluster, and the stack in it, are found. */
export const withCluster = (command: Command): Command =>
  command
    .option('--context <name>', 'context of kubectl (default: the current one)')
    .option('--kubeconfig <file>', 'configuration of kubectl')
    .addOption(
      new Option('-n, --namespace <name>', 'namespace of the stack (default: that of the config)').argParser(asName),
    )
    .option('--config <file>', `whose stack it is (default: LOADSCOPE_CONFIG or ${defaultConfig}, where there is one)`);

/** A stack's runs, and the flags with which another command finds the same. */
export interface Stack {
  readonly runs: Runs;
  /** Such as ` -n shop-load`; empty without flags. */
  readonly flags: string;
}

export function stackOf({ context, kubeconfig, namespace, config }: ClusterFlags): Stack {
  const given = { context, kubeconfig, namespace, config };
  return {
    runs: new Runs(new Kubectl({ context, kubeconfig, timeout }), namespace ?? namespaceOf(config)),
    flags: Object.entries(given)
      .flatMap(([flag, value]) => (value === undefined ? [] : [` --${flag} ${value}`]))
      .join(''),
  };
}

/** A file that is named has to be there; without one, the default of the config holds. */
function namespaceOf(flag: string | undefined): string {
  const named = flag ?? process.env.LOADSCOPE_CONFIG;
  return named || existsSync(defaultConfig) ? readConfig(named ?? defaultConfig).namespace : 'loadscope';
}

/** Names go into paths of the API. */
function asName(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('It must be the name of a namespace: lower-case letters, digits and "-".');
  return text;
}

/** @param flag what it was given as, for the message */
export function checkTestid(flag: string, testid: string): void {
  const mistake = testidMistake(testid);
  if (mistake) throw new CliError(`${flag} ${JSON.stringify(testid)}: ${mistake}.`);
}
