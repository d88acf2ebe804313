import { describe, expect, it } from 'vitest';
import { Settings } from './settings.ts';

describe('the settings of a service', () => {
  it('change to their faulty values when the fault begins', () => {
    const settings = new Settings({ WORK_MS: '30', FAULT_WORK_MS: '1200', FAULT_QUERY_MS: '15000' }, false);
    expect([settings.number('WORK_MS', 5), settings.number('QUERY_MS', 0)]).toEqual([30, 0]);
    settings.beginFault();
    expect([settings.number('WORK_MS', 5), settings.number('QUERY_MS', 0)]).toEqual([1200, 15000]);
  });

  it('stay as they are where the fault does not touch them', () => {
    const settings = new Settings({ ACK_WAIT_MS: '2000' }, true);
    expect([settings.number('ACK_WAIT_MS', 30_000), settings.number('WORK_MS', 25)]).toEqual([2000, 25]);
  });

  it.each(['', ' ', 'soon', '1s'])('refuse "%s" as a number', (text) => {
    expect(() => new Settings({ WORK_MS: text }, false).number('WORK_MS', 1)).toThrow('WORK_MS');
  });

  it('take 0 and false for off, as well as nothing', () => {
    const flag = (value: string | undefined) => new Settings({ CHECK: value }, false).flag('CHECK');
    expect([flag(undefined), flag('0'), flag('false'), flag('1'), flag('true')]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('name the variable that is missing', () => {
    expect(() => new Settings({ NATS_URL: '' }, false).required('NATS_URL')).toThrow('NATS_URL is not set');
  });
});
