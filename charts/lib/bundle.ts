import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A program of the project as one JavaScript file, for a ConfigMap: keys of ConfigMaps hold no folders, so
 * nothing can be imported from beside it.
 *
 * @param entry path of its main file below the project's root
 */
export function bundle(
  entry: string,
  runtime: 'k6' | 'node',
  options: Pick<BuildOptions, 'minify' | 'banner'> = {},
): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    ...(runtime === 'k6'
      ? { platform: 'neutral', target: 'es2022', external: ['k6', 'k6/*'] }
      : { platform: 'node', target: 'node20' }),
    ...options,
  });
  return outputFiles[0]?.text ?? '';
}
