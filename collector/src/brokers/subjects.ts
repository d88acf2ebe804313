/**
 * Whether every subject that `subject` stands for is one of the filter's. NATS: `*` is one token, a `>` at the end
 * is one or more. `subject` may have wildcards itself, since destinations are named without ids: `orders.*.paid`.
 */
export const covers = (filter: string, subject: string): boolean => {
  const wanted = filter.split('.');
  const tokens = subject.split('.');
  for (const [n, token] of wanted.entries()) {
    const given = tokens[n];
    if (given === undefined) return false;
    if (token === '>') return true;
    if (token === '*' ? given === '>' : token !== given) return false;
  }
  return tokens.length === wanted.length;
};
