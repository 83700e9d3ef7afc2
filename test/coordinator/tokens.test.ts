import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokensOf } from '../../bots/coordinator/tokens.ts';

/** Users are logged in once, before the load, and a service that does not let them in is named. */

let server: Server;
let url: string;
let seen: { email: string; password: string }[];
let atOnce = 0;
let most = 0;
let answer: (email: string) => { status: number; body: string };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    seen.push(body);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, body: said } = answer(body.email);
    atOnce -= 1;
    response.writeHead(status).end(said);
  });
  server.listen(0);
  await once(server, 'listening');
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  seen = [];
  most = 0;
  answer = (email) => ({
    status: 200,
    body: JSON.stringify({ success: true, data: { accessToken: `of ${email}`, expiresIn: 3600 } }),
  });
});

const users = { path: '/login', name: 'user{n}@test.com', first: 2, count: 50, passwordVariable: 'PASSWORD' };
const logIn = (changes = {}) => tokensOf({ url, users, password: 'secret', count: 20, lasting: 600, ...changes });

test('each user gets a token, in the order of their numbers, a few at a time', async () => {
  const tokens = await logIn();
  expect(tokens).toHaveLength(20);
  expect(tokens.slice(0, 2)).toEqual([
    { user: 'user2@test.com', token: 'of user2@test.com' },
    { user: 'user3@test.com', token: 'of user3@test.com' },
  ]);
  expect(new Set(seen.map(({ email }) => email)).size).toBe(20);
  expect(seen.every(({ password }) => password === 'secret')).toBe(true);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
});

test.each([
  [
    'a refusal',
    () => ({ status: 401, body: 'no such user' }),
    /login of user\d+@test\.com at .* answered 401: no such user/,
  ],
  ['a page in place of a token', () => ({ status: 200, body: '<html>' }), /without data\.accessToken$/],
  [
    'tokens that end before the run',
    () => ({ status: 200, body: JSON.stringify({ data: { accessToken: 'x', expiresIn: 60 } }) }),
    /last 60 s, and the run takes 600 s/,
  ],
])('%s is said, with what the service answered', async (_, answered, expected) => {
  answer = answered;
  await expect(logIn()).rejects.toThrow(expected);
  // The password is nobody's to read.
  await expect(logIn()).rejects.not.toThrow(/secret/);
});

test('a service that is not quite there yet is asked again', async () => {
  let refusals = 2;
  const good = answer;
  // Others may still be on their way from the test before.
  const isLate = (email: string) => email.startsWith('late');
  answer = (email) => (isLate(email) && refusals-- > 0 ? { status: 503, body: 'starting' } : good(email));
  expect(await logIn({ users: { ...users, name: 'late{n}' }, count: 1 })).toHaveLength(1);
  expect(seen.filter(({ email }) => isLate(email))).toHaveLength(3);
});
