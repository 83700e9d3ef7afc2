import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Options = Pick<BuildOptions, 'minify' | 'banner'>;

/** Bundles that were made: the source does not change while a stack is made from it. */
const made = new Map<string, string>();

/**
 * Programs of the project as one JavaScript file each, for ConfigMaps: keys of ConfigMaps hold no folders, so nothing can
 * be imported from beside it. Several at once take hardly longer than one.
 *
 * @param entries paths of main files below the project's root, each with a name of its own
 * @returns their texts, in the same order
 */
export function bundles(entries: readonly string[], runtime: 'k6' | 'node', options: Options = {}): string[] {
  const keyOf = (entry: string) => JSON.stringify([entry, runtime, options]);
  const missing = entries.filter((entry) => !made.has(keyOf(entry)));
  const built = build(missing, runtime, options);
  for (const entry of missing) made.set(keyOf(entry), built.get(basename(entry, '.ts')) ?? '');
  return entries.map((entry) => made.get(keyOf(entry)) ?? '');
}

/** The same of one program. */
export const bundle = (entry: string, runtime: 'k6' | 'node', options: Options = {}): string =>
  bundles([entry], runtime, options)[0] ?? '';

/** By the names of the files. */
function build(entryPoints: string[], runtime: 'k6' | 'node', options: Options): Map<string, string> {
  if (entryPoints.length === 0) return new Map();
  const { outputFiles = [] } = buildSync({
    absWorkingDir: root,
    entryPoints,
    // Nothing is written: only the names are read.
    outdir: '/bundles',
    entryNames: '[name]',
    bundle: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    ...(runtime === 'k6'
      ? { platform: 'neutral', target: 'es2022', external: ['k6', 'k6/*'] }
      : {
          platform: 'node',
          target: 'node20',
          // The other form reads a file beside it.
          alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
        }),
    ...options,
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path, '.js'), text]));
}
