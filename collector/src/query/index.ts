export * from './ast.ts';
export * from './error.ts';
export * from './parse.ts';
export * from './words.ts';
export * from './words-query.ts';
