import { pbkdf2Sync, randomBytes } from 'node:crypto';
import type { WantedPassword } from '../../model/wanted-secret.ts';

/** Costs and lengths that Elasticsearch has for `pbkdf2`; it tells the algorithm by what the hash begins with. */
const iterations = 10_000;
const bytes = 32;

/** What is in the Secret of a user, by key. */
export function passwordFiles({
  username,
  elasticsearchUser,
}: Pick<WantedPassword, 'username' | 'elasticsearchUser'>): Record<string, string> {
  // 192 bits, in characters that need no quoting anywhere, and some of each class that password policies ask for.
  const password = `${randomBytes(24).toString('base64url')}-Aa1`;
  return { username, password, ...(elasticsearchUser ? { users: elasticsearchUserLine(username, password) } : {}) };
}

/** The line of a user in the file `users` of Elasticsearch. */
function elasticsearchUserLine(username: string, password: string): string {
  const salt = randomBytes(bytes);
  const hash = pbkdf2Sync(password, salt, iterations, bytes, 'sha512');
  return `${username}:{PBKDF2}${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`;
}
