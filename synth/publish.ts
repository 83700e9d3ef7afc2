import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import type { Config } from '../model/config.ts';
import { stack } from './app.ts';
import { ManifestError, manifestErrors } from './check.ts';

const manifest = /\.k8s\.yaml$/;

/**
 * Writes the manifests of a config. They are written beside the old ones first and take their place when all
 * are complete, so a config that is refused or a disk that is full leaves the folder as it was. Files of
 * others in the folder stay.
 *
 * @throws ManifestError when an object is one that a cluster would refuse, or the error of the file system;
 * nothing in `outdir` has changed then
 */
export function publish(config: Config, outdir: string): void {
  // Inside the folder, because only a rename within one file system is whole or not at all.
  const staging = join(outdir, `.synth-${process.pid}`);
  const app = stack(config, staging);
  const objects = app.node.findAll().filter(ApiObject.isApiObject);
  const errors = manifestErrors(objects.map((object) => object.toJson()));
  if (errors.length) throw new ManifestError(errors.join('\n'));
  try {
    app.synth();
    const written = readdirSync(staging);
    for (const file of written) renameSync(join(staging, file), join(outdir, file));
    for (const file of readdirSync(outdir))
      if (manifest.test(file) && !written.includes(file)) rmSync(join(outdir, file));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
