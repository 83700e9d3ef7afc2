import type { ScenarioName, scenarios } from '../../catalogue.ts';
import type { Load } from '../../load.ts';

/** A setting of the run. A scenario without it stops before it sends anything. */
export function required(name: string): string {
  const value = __ENV[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** What is asked of all runners together; k6 takes from it the share of each. */
export const load: Load = JSON.parse(required('LOAD'));

/** How many processes share the load. */
export const runners = Number(required('RUNNERS'));

type Parameters<Scenario extends ScenarioName> = (typeof scenarios)[Scenario]['parameters'];

/** What a load test chose of the things that its scenario leaves to choose. */
export const parametersOf = <Scenario extends ScenarioName>(): {
  readonly [Name in keyof Parameters<Scenario>]: Parameters<Scenario>[Name] extends number ? number : string;
} => JSON.parse(required('PARAMETERS'));
