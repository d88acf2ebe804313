import type { Context, TypedResponse } from 'hono';
import type { Json } from '../engine/index.ts';

/** Sends JSON text that the engine's thread made, as what it is: large answers are not parsed and written again. */
export const sendJson = <T>(c: Context, text: Json<T>): Response & TypedResponse<T, 200, 'json'> =>
  c.body(text, 200, { 'content-type': 'application/json' }) as unknown as Response &
    TypedResponse<T, 200, 'json'>;

/** `{ [key]: value }` around JSON text. */
export const wrapJson = <K extends string, T>(key: K, text: Json<T>): Json<{ [P in K]: T }> =>
  `{${JSON.stringify(key)}:${text}}` as Json<{ [P in K]: T }>;
