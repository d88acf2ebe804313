import type { ProblemLog } from './log.ts';
import {
  type AlertMemory,
  MEMORY_KEYS,
  type MemoryKey,
  type Remembered,
  rememberedFrom,
  rememberedTexts,
} from './memory.ts';

/** Loads and saves what is remembered: only what changed, one save after the other. */
export class Keeper {
  readonly #memory: AlertMemory;
  readonly #problems: ProblemLog;
  readonly #saved = new Map<MemoryKey, string>();
  #saving: Promise<void> = Promise.resolve();

  constructor(memory: AlertMemory, problems: ProblemLog) {
    this.#memory = memory;
    this.#problems = problems;
  }

  /** @throws what the memory throws; nothing may be evaluated then, as saving would overwrite what is there */
  async load(): Promise<Remembered> {
    const stored: Partial<Record<MemoryKey, string | undefined>> = {};
    for (const key of MEMORY_KEYS) {
      stored[key] = await this.#memory.load(key);
      if (stored[key] !== undefined) this.#saved.set(key, stored[key]);
    }
    return rememberedFrom(stored, (key) => {
      this.#problems.set(`reading ${key}`, 'what was kept is damaged; starting afresh');
    });
  }

  /** @throws what the memory throws; the same is saved again next time */
  save(remembered: Remembered): Promise<void> {
    const texts = rememberedTexts(remembered);
    const saving = this.#saving.then(async () => {
      for (const key of MEMORY_KEYS) {
        if (this.#saved.get(key) === texts[key]) continue;
        await this.#memory.save(key, texts[key]);
        this.#saved.set(key, texts[key]);
      }
    });
    this.#saving = saving.catch(() => undefined);
    return saving;
  }
}
