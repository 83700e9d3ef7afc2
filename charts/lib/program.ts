import { brotliCompressSync, constants } from 'node:zlib';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { bundle } from './bundle.ts';
import { contentHash } from './content-hash.ts';
import { labels } from './labels.ts';
import { emptyDirVolume, type PodProps } from './pod.ts';

/** Base64 makes four bytes of three, and client-side apply takes 256 KiB of an object. */
const partBytes = 180 * 1024;

/** Puts the parts together again, and runs what they are. */
const loader = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
const parts = readdirSync('/program').filter((file) => file.startsWith('part-')).sort();
const compressed = Buffer.concat(parts.map((part) => readFileSync('/program/' + part)));
writeFileSync('/tmp/main.mjs', brotliDecompressSync(compressed));
// As for any program: what follows is its arguments.
process.argv.splice(1, 0, '/tmp/main.mjs');
await import('/tmp/main.mjs');
`;

/** By the text: stacks are made of the same programs. */
const compressions = new Map<string, Buffer>();

function compress(text: string): Buffer {
  // The levels above take up to seconds, for a fiftieth less.
  const made = compressions.get(text) ?? brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  compressions.set(text, made);
  return made;
}

/** What a pod of Node's image needs to run one. */
export type Program = Required<Pick<PodProps, 'command' | 'volumes' | 'configHash'>>;

/**
 * A program with its libraries, in as many ConfigMaps as it takes.
 *
 * @param entry path of its main file below the project's root
 */
export function program(scope: Construct, name: string, entry: string): Program {
  const text = bundle(entry, 'node', {
    minify: true,
    // Libraries that are not ES modules ask for Node's own by `require`.
    banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom('/');" },
  });
  const compressed = compress(text);
  const sources = Array.from({ length: Math.ceil(compressed.length / partBytes) }, (_, index) => {
    const configMap = `${name}-${index}`;
    const part = `part-${String(index).padStart(3, '0')}`;
    const bytes = compressed.subarray(index * partBytes, (index + 1) * partBytes);
    new k8s.KubeConfigMap(scope, configMap, {
      metadata: { name: configMap, labels: labels(name) },
      binaryData: { [part]: bytes.toString('base64') },
    });
    return { configMap: { name: configMap } };
  });
  return {
    command: ['node', '--input-type=module', '--eval', loader],
    volumes: [
      { name: 'program', mountPath: '/program', source: { projected: { sources } }, readOnly: true },
      emptyDirVolume('tmp', '/tmp', 32),
    ],
    configHash: contentHash(text),
  };
}
