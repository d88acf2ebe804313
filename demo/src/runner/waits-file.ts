import { readFile } from 'node:fs/promises';
import type { Wait } from '../kit/waits.ts';

/** What the consumers wrote so far; empty where none got a message yet. A line still being written is left out. */
export const readWaits = async (file: string): Promise<Wait[]> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Wait);
};
