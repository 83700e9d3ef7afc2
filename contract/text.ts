/** Strings and regular expressions of PromQL, as far as they can be judged without Go. */

const escapes = /\\(?:([abfnrtv\\'"])|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3})|(.?))/gs;

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a string literal, or undefined where Prometheus refuses an escape in it. */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body;
  let valid = true;
  const value = body.replaceAll(escapes, (_, simple, x, u, U, octal, other) => {
    // Only the quote that the literal is in may be escaped.
    if (other !== undefined || (/['"]/.test(simple ?? '') && simple !== literal[0])) {
      valid = false;
      return '';
    }
    if (simple !== undefined) return controls[simple] ?? simple;
    return String.fromCodePoint(Number.parseInt(x ?? u ?? U ?? octal, octal === undefined ? 16 : 8));
  });
  return valid ? value : undefined;
}

/** What RE2, Prometheus' engine, refuses and JavaScript takes: looking around, back references, unknown escapes. */
const beyondRe2 = /\(\?<?[=!]|\\(?:[1-9k]|[^\W\dAbBCdDfnpPQrsStvwWxzEa_])/;

/** What RE2 takes and JavaScript on Node 20 does not. */
const flags = /\(\?[imsU-]+(\)|:)/g;

/** Whether Prometheus takes a regular expression, which it anchors at both ends. */
export function isRegex(text: string): boolean {
  // An escaped backslash escapes nothing after it.
  if (beyondRe2.test(text.replaceAll('\\\\', ''))) return false;
  try {
    const pattern = text.replaceAll(flags, (_, end) => (end === ':' ? '(?:' : '')).replaceAll('(?P<', '(?<');
    new RegExp(`^(?:${pattern})$`);
    return true;
  } catch {
    return false;
  }
}
