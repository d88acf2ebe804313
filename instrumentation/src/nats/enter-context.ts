import { type Context, context } from '@opentelemetry/api';

interface EnteringManager {
  readonly _asyncLocalStorage?: { enterWith(store: Context): void };
  attach?(target: Context): unknown;
}

/**
 * Makes `target` the active context for the rest of the current turn and for all that it awaits or starts,
 * which is what a loop body needs and what `context.with` cannot do. The API has no such call in 1.9, so this
 * asks the context manager: the AsyncLocalStorage behind it, or its own `attach`.
 * Returns false where the manager can do neither; then loop bodies keep the context they had.
 */
export const enterContext = (target: Context): boolean => {
  const api = context as unknown as { _getContextManager?: () => EnteringManager };
  const manager = api._getContextManager?.();
  const storage = manager?._asyncLocalStorage;
  if (typeof storage?.enterWith === 'function') {
    storage.enterWith(target);
    return true;
  }
  if (typeof manager?.attach === 'function') {
    manager.attach(target);
    return true;
  }
  return false;
};
