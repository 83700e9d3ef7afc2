import { parse } from 'yaml';

/** The `.lint` file, as dashboard-linter reads it (lint/configuration.go). */

/** A mistake that a rule found, and where. */
export interface Finding {
  readonly rule: string;
  readonly dashboard: string;
  readonly panel?: string;
  readonly target?: number;
  readonly message: string;
}

interface Exclusions {
  readonly reason?: string;
  readonly entries?: readonly Entry[];
}

/** Keys are in small letters, because the library that the linter decodes YAML with wants them so. */
interface Entry {
  readonly reason?: string;
  readonly dashboard?: string;
  readonly panel?: string;
  readonly targetidx?: string | number;
}

/** An entry with what is around it; a rule without entries is one that excludes everything. */
export interface Exclusion {
  readonly rule: string;
  readonly reason: string;
  readonly entry: Entry;
}

const known = ['reason', 'dashboard', 'panel', 'targetidx'];

export function exclusionsOf(text: string): Exclusion[] {
  const { exclusions, ...others } = parse(text) as { exclusions?: Record<string, Exclusions | null> | null };
  if (Object.keys(others).length) throw new Error(`.lint has ${Object.keys(others)}, which nothing here reads`);
  return Object.entries(exclusions ?? {}).flatMap(([rule, of]) => {
    const { reason = '', entries = [] } = of ?? {};
    return (entries.length ? entries : [{}]).map((entry) => {
      // The linter passes over what it does not know, and excludes more than was meant.
      const unknown = Object.keys(entry).filter((key) => !known.includes(key));
      if (unknown.length)
        throw new Error(`.lint: ${rule} has an entry with ${unknown}, which the linter does not read`);
      return { rule, reason: entry.reason ?? reason, entry };
    });
  });
}

export const excludes = ({ rule, entry }: Exclusion, finding: Finding): boolean =>
  rule === finding.rule &&
  (!entry.dashboard || entry.dashboard === finding.dashboard) &&
  (!entry.panel || finding.panel === undefined || entry.panel === finding.panel) &&
  (entry.targetidx === undefined || finding.target === undefined || Number(entry.targetidx) === finding.target);
