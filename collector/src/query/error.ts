/** The search text is wrong at this place (characters from 0); the message says so counting from 1. */
export class QueryError extends Error {
  override name = 'QueryError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} (at character ${position + 1})`);
    this.position = position;
  }
}
