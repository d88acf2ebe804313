/** The bytes are no column, or not the one that was written: cut, changed, or of a later format. */
export class CorruptColumnError extends Error {
  override name = 'CorruptColumnError';
}
