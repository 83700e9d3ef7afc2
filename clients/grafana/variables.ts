/** What Grafana puts in the place of variables before it sends a query. */

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query?: string | { readonly query?: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly current?: { readonly value?: string | readonly string[] };
}

/** Names of variables to what is written for them, in a format such as `regex` where one is asked for. */
export type Values = ReadonlyMap<string, (format?: string) => string>;

/** The choices that a dashboard opens with; those without one are not in it. */
export function openedValues(variables: readonly VariableJson[], choices: Readonly<Record<string, string>>): Values {
  const values = new Map<string, (format?: string) => string>();
  for (const variable of variables) {
    const { name, multi, includeAll, allValue = '.*', current } = variable;
    const chosen = choices[name] ?? current?.value ?? '';
    if (chosen.length === 0 || chosen === none) continue;
    // Grafana takes what stands for all as it is, whatever the format.
    if (isAll(chosen)) values.set(name, () => allValue);
    else values.set(name, (format) => written([chosen].flat(), format ?? (multi || includeAll ? 'matcher' : 'quoted')));
  }
  return values;
}

/** What our dashboards offer in the place of a value, for what is compared with on demand. */
const none = 'none';

/** What stands for the choice of all values. */
const all = '$__all';

const isAll = (choice: string | readonly string[]) => choice === all || choice[0] === all;

function written(values: readonly string[], format: string): string {
  const oneOf = (texts: readonly string[]) => (texts.length > 1 ? `(${texts.join('|')})` : texts.join());
  switch (format) {
    case 'raw':
    case 'csv':
      return values.join();
    case 'pipe':
      return values.join('|');
    case 'regex':
      return oneOf(values.map((value) => value.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&')));
    case 'matcher':
      // As the Prometheus data source does it: between the quotes of a matcher, a backslash is written twice.
      return oneOf(
        values.map((value) => value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&')),
      );
    default:
      return oneOf(values.map((value) => value.replaceAll(/["\\]/g, '\\$&')));
  }
}

/** Puts values in; what has none stays as it is. */
export const interpolate = (text: string, values: Values): string =>
  text.replaceAll(
    /\$(?:\{(\w+)(?::(\w+))?\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, format?: string, bare = '') => {
      const value = values.get(braced ?? bare);
      return value ? value(format) : whole;
    },
  );
