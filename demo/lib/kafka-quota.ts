import { once } from 'node:events';
import { connect } from 'node:net';

/** AlterClientQuotas of Kafka's protocol, which kafkajs has no call for. */
const apiKey = 49;

/**
 * Limits how much a client may produce, at the broker: one that sends more is told to wait.
 *
 * @param broker host:port, without TLS or login
 * @param bytesPerSecond left out: no limit
 * @throws when the broker refuses, or does not answer in 5 s
 */
export async function setProducerQuota(broker: string, clientId: string, bytesPerSecond?: number): Promise<void> {
  const [host = '', port = ''] = broker.split(':');
  const socket = connect({ host, port: Number(port), timeout: 5000 });
  socket.once('timeout', () => socket.destroy(new Error(`${broker} does not answer`)));
  try {
    await once(socket, 'connect');
    socket.write(alterClientQuotas(clientId, bytesPerSecond));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      const answer = Buffer.concat(chunks);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) continue;
      // Behind the length: correlation id, throttle time, number of entries; then the entry's error code.
      const code = answer.readInt16BE(16);
      if (code !== 0) throw new Error(`${broker} refuses the quota: error ${code}`);
      return;
    }
    throw new Error(`${broker} closed the connection without an answer`);
  } finally {
    socket.destroy();
  }
}

/** The request in version 0: its header, then one entity with one operation. */
function alterClientQuotas(clientId: string, bytesPerSecond: number | undefined): Buffer {
  const body = Buffer.concat([
    int16(apiKey),
    int16(0),
    int32(1),
    string('shop-faults'),
    int32(1),
    int32(1),
    string('client-id'),
    string(clientId),
    int32(1),
    string('producer_byte_rate'),
    float64(bytesPerSecond ?? 0),
    boolean(bytesPerSecond === undefined),
    boolean(false),
  ]);
  return Buffer.concat([int32(body.length), body]);
}

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const float64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};
const boolean = (value: boolean) => Buffer.from([Number(value)]);
const string = (text: string) => Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
