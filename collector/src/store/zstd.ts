import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Level 1 is several times faster than the default 3 and within a tenth of its size on spans. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export const compress = (bytes: Uint8Array): Buffer => zstdCompressSync(bytes, ZSTD);
export const decompress = (bytes: Uint8Array): Buffer => zstdDecompressSync(bytes);
