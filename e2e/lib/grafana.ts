/** What Grafana does to a query before it sends it, for the variables that the dashboards have. */

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly allValue?: string;
  readonly current?: { readonly value: string | readonly string[] };
}

interface PanelJson {
  readonly title: string;
  readonly interval?: string;
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

export interface DashboardJson {
  readonly title: string;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly PanelJson[];
}

export interface PanelQuery {
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  /** Seconds between two points. */
  readonly step: number;
}

const seconds = (duration: string) => Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);

/**
 * The queries of a dashboard as Grafana sends them when it is opened, with the choices its variables start with.
 *
 * @param scrapeInterval seconds; the data source's timeInterval
 */
export function openedQueries(dashboard: DashboardJson, scrapeInterval: number): PanelQuery[] {
  const values = new Map(dashboard.templating.list.map((variable) => [variable.name, chosen(variable)]));
  const interpolate = (text: string, extra: Record<string, string> = {}) =>
    text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      return extra[name] ?? values.get(name) ?? whole;
    });
  return dashboard.panels.flatMap((panel) => {
    const step = Math.max(seconds(interpolate(panel.interval ?? '15s')), scrapeInterval);
    // As the Prometheus data source works it out.
    const rateInterval = Math.max(step + scrapeInterval, 4 * scrapeInterval);
    return panel.targets.map(({ refId, expr }) => ({
      panel: panel.title,
      refId,
      expr: interpolate(expr, { __rate_interval: `${rateInterval}s`, __interval: `${step}s` }),
      step,
    }));
  });
}

function chosen({ type, allValue, current }: Variable): string {
  if (current?.value === '$__all') return allValue ?? '.*';
  if (Array.isArray(current?.value)) return `(${current.value.join('|')})`;
  return typeof current?.value === 'string' ? current.value : type === 'datasource' ? 'prometheus' : '';
}
