import {
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The data source that every panel asks, chosen on the dashboard. */
export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** A variable filled from Prometheus anew when the time range changes, with "All" as its first choice. */
const labelValues = (name: string, label: string, query: string, sort: VariableSort) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(sort)
    .multi(true)
    .includeAll(true)
    // Not `.*`, which takes in series that lack the label as well.
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });

export const variables = {
  datasource: () => new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
  testid: () => labelValues('testid', 'Run', 'label_values(k6_http_reqs_total, testid)', VariableSort.AlphabeticalDesc),
  service: () =>
    labelValues(
      'service',
      'Service',
      'label_values(container_memory_working_set_bytes{service!=""}, service)',
      VariableSort.AlphabeticalAsc,
    ),
  interval: () =>
    new IntervalVariableBuilder('interval')
      .label('Least interval')
      .values('15s,30s,1m,5m,15m')
      .current({ selected: true, text: '15s', value: '15s' }),
};
