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
