import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Target } from '../model/target.ts';
import { overview } from './overview.ts';

/** Every dashboard of the stack. */
export const dashboards = (targets: readonly Target[]): Dashboard[] => [overview(targets)];
