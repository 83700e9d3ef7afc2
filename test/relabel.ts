import type { Relabel } from '../model/target.ts';

/** Applies relabeling as Prometheus does; undefined when the series or target is dropped. */
export function relabel(
  labels: Readonly<Record<string, string>>,
  steps: readonly Relabel[] = [],
): Record<string, string> | undefined {
  let current: Record<string, string> = { ...labels };
  for (const {
    source_labels = [],
    separator = ';',
    regex = '(.*)',
    target_label,
    replacement = '$1',
    action = 'replace',
  } of steps) {
    const anchored = new RegExp(`^(?:${regex})$`, 's');
    const value = source_labels.map((label) => current[label] ?? '').join(separator);
    const match = anchored.exec(value);
    if (action === 'keep' && !match) return undefined;
    if (action === 'drop' && match) return undefined;
    if (action === 'labeldrop')
      current = Object.fromEntries(Object.entries(current).filter(([label]) => !anchored.test(label)));
    if (action === 'labelkeep')
      current = Object.fromEntries(Object.entries(current).filter(([label]) => anchored.test(label)));
    if (action === 'replace' && match && target_label)
      current[target_label] = replacement.replaceAll(/\$(?:\$|(\d+)|\{(\d+)\})/g, (_, a?: string, b?: string) =>
        (a ?? b) ? (match[Number(a ?? b)] ?? '') : '$',
      );
  }
  return Object.fromEntries(Object.entries(current).filter(([, value]) => value !== ''));
}
