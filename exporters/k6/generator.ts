import type { Config } from '../../model/config.ts';

/** The containers that make the load of this stack, whose pods are its Jobs'. */
export const ofGenerators = ({ namespace }: Config) => ({ namespace: `=${namespace}`, container: '=~k6-.+' }) as const;

/**
 * Series of generators' containers, with the tags that their own samples carry: a Job names its pods after itself, and
 * so after the run; and which service a load test is of, the config says.
 */
export function withRun(expression: string, { loadTests }: Config): string {
  const ofService = new Map<string, string[]>();
  for (const { name, service } of loadTests) ofService.set(service, [...(ofService.get(service) ?? []), name]);
  return [...ofService].reduce(
    (inner, [service, names]) =>
      `label_replace(${inner}, "service", "${service}", "container", "k6-(${names.join('|')})")`,
    `label_replace(${expression}, "testid", "$1", "pod", "(.+)-[^-]+")`,
  );
}
