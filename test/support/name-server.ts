import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const QR_RA_RD = 0x8180;
const [A, IN, TTL_SECONDS] = [1, 1, 1];

/**
 * A name server that knows the addresses of one name, and whose answer can change, as Docker's does when replicas come
 * and go. Messages as in RFC 1035, 4.1: the question is sent back, and each answer points to its name (0xc00c).
 */
export async function nameServer(name: string, addresses: () => string[]) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 5;
    const question = query.subarray(12, end);
    const asked = labelsOf(question);
    const found = asked === name && question.readUInt16BE(question.length - 4) === A ? addresses() : [];
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(QR_RA_RD, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    socket.send(Buffer.concat([header, question, ...found.map(record)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

function labelsOf(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; question[at]; at += question[at] + 1)
    labels.push(question.subarray(at + 1, at + 1 + question[at]).toString());
  return labels.join('.');
}

function record(address: string): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(A, 2);
  head.writeUInt16BE(IN, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(4, 10);
  return Buffer.concat([head, Buffer.from(address.split('.').map(Number))]);
}
