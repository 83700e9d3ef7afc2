import type { Config } from '../model/config.ts';
import { asksSql } from '../model/consistency.ts';

/**
 * Consistency checks that could never be made: of a server or a load test that there is not, or by nobody.
 *
 * @returns one line for each: the check, the field, what there is
 */
export function consistencyMistakes({
  consistency,
  mysql,
  loadTests,
}: Pick<Config, 'consistency' | 'mysql' | 'loadTests'>): string[] {
  const names = loadTests.map(({ name }) => name);
  return consistency.flatMap((check) => {
    const mistake = (field: string, message: string) => `consistency: "${check.name}": ${field}: ${message}`;
    const mistakes = (check.loadTests ?? [])
      .filter((name) => !names.includes(name))
      .map((name) => mistake('loadTests', `"${name}" is not the name of any of loadTests: ${listed(names)}`));
    if (!asksSql(check)) return mistakes;
    const server = mysql.find(({ name }) => name === check.mysql);
    if (!server) {
      const servers = listed(mysql.map(({ name }) => name));
      mistakes.push(mistake('mysql', `"${check.mysql}" is not the name of any of mysql: ${servers}`));
    } else if (!check.credentialsSecret && !server.adminSecret)
      mistakes.push(
        mistake(
          'credentialsSecret',
          `is required, because "${server.name}" has no adminSecret, with which a user would be made`,
        ),
      );
    return mistakes;
  });
}

const listed = (names: readonly string[]) => names.join(', ') || 'there is none';
