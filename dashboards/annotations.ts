import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Annotation } from '../model/annotation.ts';
import type { Target } from '../model/target.ts';
import { datasource } from './variables.ts';

const firing: Annotation = {
  name: 'Firing alerts',
  expr: 'ALERTS{alertstate="firing"}',
  title: '{{alertname}}',
  color: 'red',
};

/** What is marked on every panel, from its start to its end: Grafana joins the points of a series to a region. */
export const annotations = (targets: readonly Target[]): AnnotationQueryBuilder[] =>
  [...targets.flatMap((target) => target.annotations ?? []), firing].map(({ name, expr, title, color }) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(datasource)
      .enable(true)
      .iconColor(color)
      .expr(expr)
      .titleFormat(title),
  );
