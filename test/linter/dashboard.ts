/**
 * What dashboard-linter reads of a dashboard, as it reads it (github.com/grafana/dashboard-linter, lint/lint.go and
 * lint/variables.go).
 */

export interface Dashboard {
  readonly title: string;
  readonly editable?: boolean;
  readonly panels?: readonly Panel[];
  /** Left out by a dashboard without variables. */
  readonly templating?: { readonly list: readonly Template[] };
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description?: string;
  readonly type: string;
  readonly datasource?: string | { readonly uid?: string; readonly type?: string };
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
  readonly fieldConfig?: {
    readonly defaults?: { readonly unit?: string; readonly mappings?: unknown };
    readonly overrides?: readonly {
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
  readonly options?: { readonly reduceOptions?: { readonly fields?: string } };
}

export interface Target {
  readonly expr?: string;
  readonly panelId?: number;
  readonly datasource?: Panel['datasource'];
  readonly hide?: boolean;
}

export interface Template {
  readonly name: string;
  readonly label?: string;
  readonly type: string;
  readonly query?: string | { readonly query?: string };
  readonly datasource?: Panel['datasource'];
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly current?: Value;
  readonly options?: readonly Value[];
  readonly refresh?: number;
}

interface Value {
  readonly value?: string | readonly string[];
}

/** All panels, those of rows too, folded up or not. */
export const panelsOf = (panels: readonly Panel[] = []): Panel[] =>
  panels.flatMap((panel) => [panel, ...panelsOf(panel.panels)]);

export const uidOf = (datasource: Panel['datasource']): string =>
  typeof datasource === 'string' ? datasource : (datasource?.uid ?? '');

export const queryOf = ({ query }: Template): string => (typeof query === 'object' ? query.query : query) ?? '';

export const variablesOf = ({ templating }: Pick<Dashboard, 'templating'>): readonly Template[] =>
  templating?.list ?? [];

export const templatesOf = ({ templating }: Dashboard, type: string) =>
  variablesOf({ templating }).filter((template) => template.type.toLowerCase() === type);

/** Whether the first data source that can be chosen is of a type; some rules are for one only. */
export const isFor = ({ templating }: Dashboard, type: string) => {
  const template = variablesOf({ templating }).find((each) => each.type === 'datasource');
  return template !== undefined && queryOf(template) === type;
};

/** What stands for Grafana's own variables: a window that nobody would write, and numbers. */
export const sampled: Readonly<Record<string, string>> = {
  __rate_interval: '7654321ms',
  __interval: '6543210ms',
  __range: '5432109ms',
  __interval_ms: '6543210',
  __range_ms: '5432109',
  __range_s: '5432',
  __from: '1700000000000',
  __to: '1700000000000',
};

/** The query with variables outside of double quotes replaced: by their first value, or by their name. */
export const expand = (query: string, templates: readonly Template[]): string =>
  query
    .split('"')
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replaceAll(/\$(\w+)|\$\{([^}]+)\}|\[\[([^[\]]+)\]\]/g, (_, ...[bare, braced, old]) =>
            sample((bare ?? braced ?? old).split(':')[0], templates),
          ),
    )
    .join('"');

function sample(name: string, templates: readonly Template[]): string {
  if (sampled[name]) return sampled[name];
  if (name.startsWith('__auto_interval')) return '10s';
  const template = templates.find((each) => each.name === name);
  const values = [template?.current, ...(template?.options ?? [])].map((value) => value?.value);
  const [first] = values.flatMap((value) => value ?? []).filter(Boolean);
  return first
    ? expand(
        first,
        templates.filter((each) => each !== template),
      )
    : name;
}
