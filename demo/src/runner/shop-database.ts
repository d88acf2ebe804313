import Database from 'better-sqlite3';
import { COUNTRIES, CUSTOMERS, PRODUCTS } from '../traffic/catalog.ts';

const SCHEMA = `
CREATE TABLE customers (id TEXT PRIMARY KEY, points INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stock (product TEXT PRIMARY KEY, available INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rates (country TEXT PRIMARY KEY, cents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE orders (
  id TEXT PRIMARY KEY, customer TEXT NOT NULL, product TEXT NOT NULL,
  quantity INTEGER NOT NULL, amount_cents INTEGER NOT NULL, status TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE payments (order_id TEXT PRIMARY KEY, authorization_id TEXT NOT NULL, amount_cents INTEGER NOT NULL);
CREATE TABLE shipments (order_id TEXT PRIMARY KEY) WITHOUT ROWID;
-- Deliberately without a unique order_id: that is the hole of the double-billing story.
CREATE TABLE charges (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL, amount_cents INTEGER NOT NULL, delivery INTEGER NOT NULL);
`;

/** A line of the table `charges`. */
export interface ChargeRow {
  readonly orderId: string;
  readonly amountCents: number;
  /** Which delivery of the message made billing charge. */
  readonly delivery: number;
}

/** Creates the shop's SQLite file with its catalogue. */
export const createShopDatabase = (file: string): void => {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(SCHEMA);
  const customer = database.prepare('INSERT INTO customers VALUES (?, ?)');
  const stock = database.prepare('INSERT INTO stock VALUES (?, ?)');
  const rate = database.prepare('INSERT INTO rates VALUES (?, ?)');
  database.transaction(() => {
    CUSTOMERS.forEach((id, index) => {
      customer.run(id, (index * 37) % 1_600);
    });
    for (const { id } of PRODUCTS) stock.run(id, 1_000_000);
    COUNTRIES.forEach((country, index) => {
      rate.run(country, 390 + index * 110);
    });
  })();
  database.close();
};

export const readCharges = (file: string): ChargeRow[] => {
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare<[], ChargeRow>(
        'SELECT order_id AS orderId, amount_cents AS amountCents, delivery FROM charges ORDER BY id',
      )
      .all();
  } finally {
    database.close();
  }
};
