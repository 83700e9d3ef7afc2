import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { openCluster } from '../../bots/kafka-bot/cluster.ts';
import { BotError, type Connection } from '../../bots/kafka-bot/options.ts';

/** Brokers that cannot be reached are told in one line that says what is wrong and which flag it is about. */

const log = { debug: () => undefined };
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

/** @returns the address of a server that does this with each connection */
async function serve(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    answer(socket);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @returns an address at which nothing listens */
async function nobody(): Promise<string> {
  const address = await serve(() => undefined);
  servers.pop()?.close();
  return address;
}

const failureOf = async (connection: Connection): Promise<string> => {
  const error = await openCluster(connection, 'test', log).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(BotError);
  return String(error?.message);
};

test('nobody listens', async () => {
  const [one, other] = [await nobody(), await nobody()];
  expect(await failureOf({ brokers: [one, other] })).toBe(
    `no broker of --bootstrap-servers ${one},${other} answers: connection refused`,
  );
});

test('each of them has another reason', async () => {
  const [refused, closed] = [await nobody(), await serve((socket) => socket.end())];
  expect(await failureOf({ brokers: [refused, closed] })).toBe(
    `no broker of --bootstrap-servers ${refused},${closed} answers: ${refused}: connection refused; ${closed}: closes the connection without an answer`,
  );
});

test('something else listens', async () => {
  const web = await serve((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  expect(await failureOf({ brokers: [web] })).toMatch(
    / answers: is no Kafka broker: its answer is not of that protocol$/,
  );
});

test('it speaks TLS, and we do not', async () => {
  const alert = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]);
  const broker = await serve((socket) => socket.once('data', () => socket.end(alert)));
  expect(await failureOf({ brokers: [broker] })).toMatch(/ answers: speaks TLS: pass --tls, or name its plain port$/);
});

test('we speak TLS, and it does not', async () => {
  const broker = await serve((socket) => socket.once('data', () => socket.destroy()));
  expect(await failureOf({ brokers: [broker], tls: { insecure: true } })).toMatch(
    / answers: does not speak TLS: leave --tls out, or name its TLS port$/,
  );
});
