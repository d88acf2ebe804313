import { fromMillis } from '../model/index.ts';
import { AlertManager, type AlertManagerOptions, type Alerts } from './manager.ts';
import { webhookSender } from './webhook/index.ts';

/**
 * Alerts in action: evaluates at once and then on the rules' timer, and tells the rules' webhook.
 * Its states, silences and baseline are loaded from the memory; close it before the memory.
 *
 * @example
 * const alerts = openAlerts({ rules: readRules(file), file, source, memory, log });
 * const stop = alerts.onChange((changed) => live.send('alerts', { alerts: [...changed] }));
 * await alerts.close();
 */
export const openAlerts = (
  options: Pick<AlertManagerOptions, 'rules' | 'file' | 'source' | 'memory' | 'log'>,
): Alerts => {
  const { webhook } = options.rules;
  const manager = new AlertManager({
    ...options,
    now: () => fromMillis(Date.now()),
    notify: webhook === undefined ? undefined : webhookSender(webhook),
  });
  manager.start();
  return manager;
};
