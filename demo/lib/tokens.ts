import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { jwtVerify, SignJWT } from 'jose';
import { ApiError } from './errors.ts';
import { setting } from './settings.ts';

/** Seconds that an access token is good for: longer than a soak test. */
export const tokenSeconds = 12 * 3600;

const key = () => new TextEncoder().encode(setting('TOKEN_KEY'));

export const signToken = (userId: number): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(userId))
    .setIssuedAt()
    .setExpirationTime(`${tokenSeconds}s`)
    .sign(key());

/** The user of a request by its header `Authorization: Bearer TOKEN`; an answer of 401 when there is none. */
export async function authenticated({ headers }: { headers: { authorization?: string } }): Promise<number> {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (!token) throw new ApiError(401, 'UNAUTHORIZED', 'log in, and send the token as "Authorization: Bearer TOKEN"');
  try {
    const { payload } = await jwtVerify(token, key(), { algorithms: ['HS256'] });
    return Number(payload.sub);
  } catch (error) {
    throw new ApiError(401, 'UNAUTHORIZED', `the token is not valid: ${(error as Error).message}`);
  }
}

const derive = promisify<string, Buffer, number, { N: number }, Buffer>(scrypt);

/** Far below what a shop of real people needs: thousands of logins are made before a load test. */
const cost = 1024;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32, { N: cost });
  return `${salt.toString('base64')}$${hash.toString('base64')}`;
}

export async function isPassword(password: string, hashed: string): Promise<boolean> {
  const [salt = '', hash = ''] = hashed.split('$').map((part) => Buffer.from(part, 'base64'));
  const derived = await derive(password, Buffer.from(salt), 32, { N: cost });
  return derived.length === hash.length && timingSafeEqual(derived, Buffer.from(hash));
}
