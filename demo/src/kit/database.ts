import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import Database from 'better-sqlite3';

type Value = string | number | null;

/** What a statement does, to name its span: `SELECT rates`. */
export const describeStatement = (sql: string): { operation: string; table: string | undefined } => {
  const operation = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'QUERY';
  const table = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(sql)?.[1];
  return { operation, table };
};

/**
 * The shop's SQLite file. No instrumentation knows better-sqlite3, so this wrapper makes the CLIENT spans
 * itself: it is the one place of the shop that speaks of tracing.
 */
export class ShopDatabase {
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #tracer = trace.getTracer('shop-database');
  readonly #queryMs: () => number;

  /** `queryMs`: what each query takes longer than SQLite needs, for the stories about a slow database. */
  constructor(file: string, queryMs: () => number = () => 0) {
    this.#file = basename(file);
    this.#database = new Database(file, { fileMustExist: true, timeout: 5_000 });
    this.#queryMs = queryMs;
  }

  /** The first row, or undefined where there is none. */
  get<Row>(sql: string, ...values: Value[]): Promise<Row | undefined> {
    return this.#span(sql, () => this.#database.prepare<Value[], Row>(sql).get(...values));
  }

  /** How many rows changed. */
  run(sql: string, ...values: Value[]): Promise<number> {
    return this.#span(sql, () => this.#database.prepare<Value[]>(sql).run(...values).changes);
  }

  close(): void {
    this.#database.close();
  }

  #span<Result>(sql: string, execute: () => Result): Promise<Result> {
    const { operation, table } = describeStatement(sql);
    const summary = table ? `${operation} ${table}` : operation;
    const attributes = {
      'db.system.name': 'sqlite',
      'db.namespace': this.#file,
      'db.operation.name': operation,
      'db.query.summary': summary,
      'db.query.text': sql,
      ...(table ? { 'db.collection.name': table } : {}),
    };
    return this.#tracer.startActiveSpan(summary, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        const delay = this.#queryMs();
        if (delay > 0) await sleep(delay);
        return execute();
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

const fail = (span: Span, error: unknown): void => {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  span.recordException({ name, message });
  span.setAttribute('error.type', name);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
};
