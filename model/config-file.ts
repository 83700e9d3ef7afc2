import { readFileSync } from 'node:fs';
import { closest } from 'fastest-levenshtein';
import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { Config, configJsonSchema } from './config.ts';

/** What is wrong with a config, one line per mistake. Its message is meant for the user as it stands. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks a config file.
 *
 * @throws ConfigError with every mistake of the file: file, line, column, path, and what is allowed there.
 */
export function readConfig(file: string): Config {
  return parseConfig(file, read(file));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      code === 'ENOENT'
        ? `${file}: no such file. Make it (examples/minimal.yaml is a start), or name another with --config or LOADSCOPE_CONFIG.`
        : `${file}: cannot be read: ${message}`,
    );
  }
}

/** As readConfig, of text that is already at hand; `file` names it in errors. */
export function parseConfig(file: string, text: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors
        .map(({ pos, message }) => `${at(pos[0])}: not YAML: ${message.split(/ at line \d+|\n/)[0]}`)
        .join('\n'),
    );
  if (document.contents === null)
    throw new ConfigError(`${file}: is empty. Describe what is monitored; examples/minimal.yaml is a start.`);

  const result = Config.safeParse(values(file, document), { reportInput: true });
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues
      .flatMap((issue) => mistakes(issue))
      .map(({ path, key, message }) => {
        const offset = offsetOf(document, path, key);
        const shown = pathText(key === undefined ? path : [...path, key]);
        return { offset, text: `${at(offset)}: ${shown ? `${shown}: ` : ''}${message}` };
      })
      .sort((a, b) => a.offset - b.offset)
      .map(({ text: line }) => line)
      .join('\n'),
  );
}

/** The plain values of a document; an alias to an anchor that there is not shows only here. */
function values(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError(`${file}: not YAML: ${(error as Error).message}`);
  }
}

interface Mistake {
  readonly path: readonly PropertyKey[];
  /** A key of the map at `path` that has no business there. */
  readonly key?: string;
  readonly message: string;
}

function mistakes(issue: z.core.$ZodIssue): Mistake[] {
  const { path } = issue;
  // A message of ours says what is allowed; zod's own are put in the words of the file's author below.
  if ('input' in issue && issue.input !== undefined && /^(must|needs) /.test(issue.message) && issue.code !== 'custom')
    return [{ path, message: `${issue.message}, not ${shown(issue.input)}` }];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(path);
      return issue.keys.map((key) => ({
        path,
        key,
        message: `unknown key; did you mean "${closest(key, known)}"? Allowed here: ${known.join(', ')}`,
      }));
    }
    case 'invalid_type':
      return [
        {
          path,
          message:
            issue.input === undefined
              ? `is required: ${article(issue.expected)}`
              : `must be ${article(issue.expected)}, not ${shown(issue.input)}`,
        },
      ];
    case 'invalid_value':
      return [
        {
          path,
          message:
            issue.input === undefined
              ? `is required: one of ${issue.values.join(', ')}`
              : `must be one of ${issue.values.join(', ')}, not ${shown(issue.input)}`,
        },
      ];
    case 'too_small':
      return [{ path, message: `must ${size(issue.origin, 'at least', issue.minimum)}, not ${shown(issue.input)}` }];
    case 'too_big':
      return [{ path, message: `must ${size(issue.origin, 'at most', issue.maximum)}, not ${shown(issue.input)}` }];
    case 'invalid_key':
      return [{ path, message: issue.issues.map(({ message }) => message).join('; ') }];
    default:
      return [{ path, message: issue.message }];
  }
}

const article = (type: string) =>
  ({
    object: 'a map of fields',
    record: 'a map',
    array: 'a list',
    string: 'text',
    boolean: 'true or false',
    int: 'a whole number',
  })[type] ?? `a ${type}`;

const size = (origin: string, bound: string, limit: number | bigint) =>
  origin === 'array' ? `have ${bound} ${limit} entries` : `be ${bound} ${limit}`;

const shown = (value: unknown) => {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'a map';
  return value === null ? 'nothing' : JSON.stringify(value);
};

const pathText = (path: readonly PropertyKey[]) =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index ? '.' : ''}${String(step)}`)).join('');

interface SchemaNode {
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
}

/** The keys that the map at `path` may have, from the JSON Schema that editors use too. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let node: SchemaNode | undefined = configJsonSchema() as SchemaNode;
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)];
  return Object.keys(node?.properties ?? {});
}

/** Where in the text a mistake is: its key or value, else the nearest part around it that is written down. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length ? document.getIn(path.slice(0, length), true) : document.contents;
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (range) return range[0];
  }
  return 0;
}
