import {
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Variable } from '../model/variable.ts';

/** The data source that every panel asks, chosen on the dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' };

export const datasourceVariable = () =>
  new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');

export const intervalVariable = () =>
  new IntervalVariableBuilder('interval')
    .label('Least interval')
    .values('15s,30s,1m,5m,15m')
    .current({ selected: true, text: '15s', value: '15s' });

/** Grafana's editor knows the form of a question by its number. */
const qryTypes = { labelValues: 1, queryResult: 3 };

/** A variable filled from Prometheus anew when the time range changes. Of several values, all are chosen at first. */
export function queryVariable({ name, label, query, regex, order, single }: Variable) {
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({
      qryType: regex ? qryTypes.queryResult : qryTypes.labelValues,
      query,
      refId: 'PrometheusVariableQueryEditor-VariableQuery',
    })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(order === 'ascending' ? VariableSort.AlphabeticalAsc : VariableSort.AlphabeticalDesc);
  if (regex) builder.regex(regex);
  if (single !== undefined) return builder.current({ selected: true, text: single, value: single });
  return (
    builder
      .multi(true)
      .includeAll(true)
      // Not `.*`, which takes in series that lack the label as well.
      .allValue('.+')
      .current({ selected: true, text: 'All', value: '$__all' })
  );
}
