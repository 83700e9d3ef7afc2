/**
 * Text of others for one line of a terminal: without control characters, which could move the cursor, and cut
 * where it goes on for too long.
 */
export function plain(text: string, most = 300): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
