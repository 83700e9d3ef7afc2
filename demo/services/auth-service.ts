import { apiServer, ok } from '../lib/api-server.ts';
import { Database } from '../lib/database.ts';
import { ApiError } from '../lib/errors.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { authenticated, isPassword, signToken, tokenSeconds } from '../lib/tokens.ts';
import { isSeeded } from '../seed/marker.ts';

interface User {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string;
}

const credentials = {
  type: 'object',
  required: ['email', 'password'],
  properties: { email: { type: 'string', minLength: 3 }, password: { type: 'string', minLength: 1 } },
} as const;

/** Logs users in. */
export function authService(telemetry: Telemetry): Service {
  const resilience = new Resilience(telemetry.meters);
  const database = new Database(telemetry, resilience);
  const api = apiServer(telemetry);

  api.post<{ Body: { email: string; password: string } }>(
    '/api/v1/auth/login',
    { schema: { body: credentials } },
    async ({ body: { email, password } }) => {
      const [user] = await database.rows<User>('SELECT id, email, name, password_hash FROM users WHERE email = ?', [
        email,
      ]);
      if (!user || !(await isPassword(password, user.password_hash)))
        throw new ApiError(401, 'BAD_CREDENTIALS', 'the email or the password is wrong');
      return ok({ accessToken: await signToken(user.id), tokenType: 'Bearer', expiresIn: tokenSeconds });
    },
  );

  api.get('/api/v1/auth/me', async (request) => {
    const id = await authenticated(request);
    const [user] = await database.rows<User>('SELECT id, email, name FROM users WHERE id = ?', [id]);
    if (!user) throw new ApiError(401, 'UNAUTHORIZED', 'the user of the token does not exist any more');
    return ok({ id: user.id, email: user.email, name: user.name });
  });

  return { api, checks: { mysql: () => database.aside(isSeeded) }, switches: {}, stop: () => database.close() };
}
