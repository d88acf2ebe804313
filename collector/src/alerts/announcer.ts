import type { Alert } from '../contract/index.ts';

export type AlertListener = (changed: readonly Alert[]) => void;

/** What a change must touch to be told; values alone change with every evaluation. */
const keyOf = ({ state, since, silenced, severity, notified }: Alert): string =>
  JSON.stringify([state, since, silenced, severity, notified]);

/** Tells listeners which alerts changed; one that is gone is told once more, as inactive. */
export class Announcer {
  readonly #listeners = new Set<AlertListener>();
  #told = new Map<string, { readonly key: string; readonly alert: Alert }>();

  /** @returns ends the listening */
  listen(listener: AlertListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(alerts: readonly Alert[]): void {
    const now = new Map(alerts.map((alert) => [alert.id, { key: keyOf(alert), alert }]));
    const changed = [...now.values()]
      .filter(({ key, alert }) => this.#told.get(alert.id)?.key !== key)
      .map(({ alert }) => alert);
    for (const [id, { alert }] of this.#told) {
      if (!now.has(id)) changed.push({ ...alert, state: 'inactive' });
    }
    this.#told = now;
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
  }
}
