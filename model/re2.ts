/** What RE2, Prometheus' engine, refuses and JavaScript takes: looking around, back references, unknown escapes. */
const beyondRe2 = /\(\?<?[=!]|\\(?:[1-9k]|[^\W\dAbBCdDfnpPQrsStvwWxzEa_])/;

/** What RE2 takes and JavaScript on Node 20 does not. */
const flags = /\(\?[imsU-]+(\)|:)/g;

/**
 * A regular expression as Prometheus takes it, anchored at both ends; its flags are passed over.
 *
 * @returns undefined where Prometheus refuses it, as far as that can be judged without Go
 */
export function re2(text: string): RegExp | undefined {
  // An escaped backslash escapes nothing after it.
  if (beyondRe2.test(text.replaceAll('\\\\', ''))) return undefined;
  try {
    const pattern = text.replaceAll(flags, (_, end) => (end === ':' ? '(?:' : '')).replaceAll('(?P<', '(?<');
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    return undefined;
  }
}
