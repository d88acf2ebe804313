import { describe, expect, it } from 'vitest';
import { describeStatement } from './database.ts';

describe('the name of a statement', () => {
  it.each([
    ['SELECT cents FROM rates WHERE country = ?', 'SELECT', 'rates'],
    ['  insert or ignore into shipments (order_id) values (?)', 'INSERT', 'shipments'],
    ['UPDATE stock SET available = available - ?', 'UPDATE', 'stock'],
    ['DELETE FROM orders', 'DELETE', 'orders'],
    ['PRAGMA user_version', 'PRAGMA', undefined],
    ['', 'QUERY', undefined],
  ])('of %s', (sql, operation, table) => {
    expect(describeStatement(sql)).toEqual({ operation, table });
  });
});
