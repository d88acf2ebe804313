import { CorruptColumnError, type FixedColumn, type UintColumn } from '../../columns/index.ts';

/** Where the things of each owner begin; they must come to `total`. */
export const offsets = (counts: UintColumn, total: number): Uint32Array => {
  const starts = new Uint32Array(counts.length + 1);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts.get(i);
    starts[i + 1] = sum;
  }
  if (sum !== total) throw new CorruptColumnError(`${sum} rows where ${total} were expected`);
  return starts;
};

/** By row: how many rows before it have the value. */
export const placesOf = (column: UintColumn, value: number): Uint32Array => {
  const places = new Uint32Array(column.length);
  let count = 0;
  for (let row = 0; row < column.length; row++) {
    places[row] = count;
    if (column.get(row) === value) count++;
  }
  return places;
};

export const idAt = (ids: FixedColumn, place: number): string => {
  if (place >= ids.length) throw new CorruptColumnError(`id ${place} of ${ids.length}`);
  return ids.hex(place);
};
