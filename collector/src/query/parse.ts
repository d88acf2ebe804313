import type { TraceQuery } from './ast.ts';
import { QueryError } from './error.ts';
import { spansetOf } from './spansets.ts';
import { parseTree } from './tree.ts';
import { parseWords } from './words.ts';
import { wordsToQuery } from './words-query.ts';

/** TraceQL, as `docs/traceql.md` describes it. Throws `QueryError` for everything else. */
export const parseTraceQl = (text: string): TraceQuery => {
  const tree = parseTree(text);
  const [spans, hint] = [tree.top.getChild('SpansetPipelineExpression'), tree.top.getChild('WithHint')];
  if (hint) throw new QueryError('hints (with …) are not supported', hint.from);
  if (!spans) throw new QueryError('the query is empty', 0);
  return { spans: spansetOf(spans, tree), conditions: [] };
};

/** Whether the text is meant as TraceQL and not as the search box's words. */
export const isTraceQl = (text: string): boolean => /^\s*[{(]/.test(text);

/** What the search box holds: TraceQL where it begins with a bracket, else words. Throws `QueryError`. */
export const parseQuery = (text: string): TraceQuery =>
  isTraceQl(text) ? parseTraceQl(text) : wordsToQuery(parseWords(text));
