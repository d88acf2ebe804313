import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { MalformedError, RPC_CODE } from '../otlp/index.ts';
import { MAX_BODY_BYTES, RefusedError, tooLarge } from './failure.ts';

const decompressor = (encoding: string) => {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'zstd') return createZstdDecompress();
  throw new RefusedError({
    httpStatus: 415,
    rpcCode: RPC_CODE.invalidArgument,
    message: `Content-Encoding "${encoding}" is not supported: send identity, gzip or zstd`,
  });
};

/** The whole body, decompressed; what is too large is found while it streams in, never after inflating. */
export const readBody = (request: IncomingMessage): Promise<Uint8Array> => {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' && Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return Promise.reject(tooLarge());
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const collect = (stream: NodeJS.ReadableStream): void => {
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= MAX_BODY_BYTES) return;
        stream.pause();
        stream.removeAllListeners('data');
        reject(tooLarge());
      });
      stream.on('end', () => resolve(Buffer.concat(chunks, size)));
    };
    if (encoding === 'identity') {
      request.on('error', reject);
      collect(request);
      return;
    }
    const inflate = decompressor(encoding);
    collect(inflate);
    pipeline(request, inflate, (error) => {
      if (error) reject(new MalformedError(`the body is no valid ${encoding}: ${error.message}`));
    });
  });
};
