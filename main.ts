import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from './model/config-file.ts';
import { publish } from './synth/publish.ts';

/** The cdk8s app: the config to manifests. */

const usage =
  'usage: npm run synth -- [--config FILE] [--output DIR]   (default: LOADSCOPE_CONFIG or loadscope.yaml, to dist)';

try {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml' },
      output: { type: 'string', default: 'dist' },
      staging: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(usage);
  else {
    // `cdk8s synth` says where it wants manifests: in the staging folder of cdk8s.yaml, or where its user told it to.
    const wanted = process.env.CDK8S_OUTDIR;
    const staged = wanted !== undefined && wanted === values.staging;
    const outdir = wanted === undefined || staged ? values.output : wanted;
    const files = publish(readConfig(values.config), outdir);
    console.error(`${outdir}: ${files.length} files`);
    if (staged) {
      mkdirSync(wanted, { recursive: true });
      for (const file of files) copyFileSync(join(outdir, file), join(wanted, file));
    }
  }
} catch (error) {
  const { name, message, code, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n${usage}`);
  // The user's to mend: a mistake in the config, or what the file system says. Anything else is a defect of ours.
  else console.error(name === 'ConfigError' || name === 'ManifestError' || code ? message : stack);
  process.exitCode = 1;
}
