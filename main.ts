import { parseArgs } from 'node:util';
import { readConfig } from './model/config-file.ts';
import { publish } from './synth/publish.ts';

/** The cdk8s app: the config to manifests. `cdk8s synth` runs it and says by CDK8S_OUTDIR where they go. */

const usage = 'usage: npm run synth -- [--config FILE]   (default: LOADSCOPE_CONFIG, else loadscope.yaml)';

try {
  const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) console.log(usage);
  else
    publish(
      readConfig(values.config ?? process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml'),
      process.env.CDK8S_OUTDIR ?? 'dist',
    );
} catch (error) {
  const { name, message, code, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n${usage}`);
  // The user's to mend: a mistake in the config, or what the file system says. Anything else is a defect of ours.
  else console.error(name === 'ConfigError' || name === 'ManifestError' || code ? message : stack);
  process.exitCode = 1;
}
