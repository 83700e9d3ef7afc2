import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the components really exposed, by job, as `npm run capture` wrote it down. */

const folder = join(import.meta.dirname, '../exporters/captured');

export interface Captured {
  readonly type: string;
  readonly labels: readonly string[];
}

export const captured: ReadonlyMap<string, ReadonlyMap<string, Captured>> = new Map(
  readdirSync(folder).map((file) => {
    const metrics = new Map<string, Captured>();
    const lines = readFileSync(join(folder, file), 'utf8').matchAll(/^# TYPE (\S+) (\S+)\n\1\{(.*)\}$/gm);
    for (const [, name = '', type = '', labels = ''] of lines) metrics.set(name, { type, labels: labels.split(',') });
    return [file.replace(/\.prom$/, ''), metrics] as const;
  }),
);
