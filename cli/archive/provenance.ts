import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Sources } from '../../archive/collect/collect.ts';
import { factsOf, type LoadScenario } from '../../runs/generator.ts';
import type { Known } from './known.ts';

const require = createRequire(import.meta.url);

/** From which config and with which programs and settings a run was made, as far as that is known now. */
export const provenanceOf = (configFile: string, known: Known): Sources['provenance'] => ({
  configHash: createHash('sha256').update(readFileSync(configFile)).digest('hex'),
  ...commitOf(dirname(configFile)),
  options: optionsOf(known),
  versions: { ...generatorOf(known), loadscope: require('../../package.json').version },
});

/** Empty where the folder is in no repository, or where there is no git. */
function commitOf(folder: string): { commit?: string } {
  const { status, stdout } = spawnSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' });
  return status === 0 ? { commit: stdout.trim() } : {};
}

/** The image that made the load: `k6` or `kafka-bot`. */
function generatorOf({ plan, record }: Known): Record<string, string> {
  const [container] = plan?.loadTests[record?.run.loadTest ?? '']?.template.spec.containers ?? [];
  return container?.image ? { [container.name]: container.image } : {};
}

/** The load as it was asked for, and the parameters of its scenario: those of the launch, of the load test, or its own. */
function optionsOf({ plan, record, step }: Known): Record<string, string> {
  if (!record) return {};
  const { loadTest, scenario, profile, engine, runners, vus, rate, duration } = record.run;
  const { vus: _, rate: __, duration: ___, ...changes } = step?.set ?? {};
  const parameters = {
    ...factsOf(scenario as LoadScenario)?.parameters,
    ...plan?.loadTests[loadTest]?.parameters,
    ...changes,
  };
  const all = { profile, engine, runners, vus, rate, duration: `${duration}s`, ...parameters };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}
