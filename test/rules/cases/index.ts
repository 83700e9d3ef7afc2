import type { RuleCase } from '../case.ts';
import { targets } from './targets.ts';

/** Every rule on simulated series. */
export const cases: readonly RuleCase[] = [...targets];
