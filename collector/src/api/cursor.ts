import { type TraceId, traceId } from '../model/index.ts';
import { RequestError } from './errors.ts';

/** Where a page of traces ended. */
export interface Cursor {
  readonly value: bigint;
  readonly traceId: TraceId;
}

export const writeCursor = ({ value, traceId: id }: Cursor): string => `${value}.${id}`;

export const readCursor = (text: string): Cursor => {
  const match = /^(\d{1,20})\.([0-9a-f]{32})$/.exec(text);
  const id = match && traceId(match[2] as string);
  if (!match || !id) throw new RequestError('invalid_cursor', 'the cursor is not one that this API gave out');
  return { value: BigInt(match[1] as string), traceId: id };
};
