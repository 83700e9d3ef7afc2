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

/** A variable filled from Prometheus anew when the time range changes, with "All" as its first choice. */
export const queryVariable = ({ name, label, query, order }: Variable) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(order === 'ascending' ? VariableSort.AlphabeticalAsc : VariableSort.AlphabeticalDesc)
    .multi(true)
    .includeAll(true)
    // Not `.*`, which takes in series that lack the label as well.
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
