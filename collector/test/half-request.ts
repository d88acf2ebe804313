import { connect, type Socket } from 'node:net';

/** A request whose sender takes its time: the head and half of the body are there. */
export interface HalfRequest {
  readonly socket: Socket;
  /** Sends the rest; resolves with all of the answer once the other side ends the connection. */
  finish(): Promise<string>;
}

/** Resolves once the first half is on its way. */
export const halfRequest = (
  url: string,
  body: Uint8Array,
  contentType = 'application/x-protobuf',
): Promise<HalfRequest> => {
  const { hostname, port, pathname } = new URL(url);
  const half = Math.floor(body.length / 2);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}`,
    `content-type: ${contentType}`,
    `content-length: ${body.length}`,
    '\r\n',
  ].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    const ended = new Promise<string>((done) => socket.once('close', () => done(answer)));
    const finish = (): Promise<string> => {
      socket.write(body.subarray(half));
      return ended;
    };
    socket.write(head);
    socket.write(body.subarray(0, half), () => resolve({ socket, finish }));
  });
};
