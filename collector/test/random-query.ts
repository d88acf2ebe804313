/** A TraceQL query that parses, over few names and values so that it finds something now and then. */
export const randomQuery = (random: () => number): string => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;

  const attribute = (): string =>
    `${pick(['.', 'span.', 'resource.', 'event.', 'parent.', 'parent.span.'])}${pick(['a', 'b', '"a b"', 'service.name'])}`;
  const value = (): string => pick(['0', '1', '2.0', '1.5', '"x"', '"y"', 'true', 'false', '1ns', '-1']);
  const order = (): string => pick(['=', '!=', '<', '<=', '>', '>=']);
  const text = (): string => pick(['"x"', '"y"', '"s1"', '"s2"', '""']);
  const comparison = (): string => {
    switch (below(12)) {
      case 0:
        return `${attribute()} ${pick(['=', '!='])} nil`;
      case 1:
        return `${attribute()} ${pick(['=~', '!~'])} ${pick(['"x|y"', '"x.*"', '"s1"', '""'])}`;
      case 2:
        return `${pick(['name', 'rootName', 'rootServiceName'])} ${pick(['=', '!=', '=~', '!~', '>'])} ${text()}`;
      case 3:
        return `status ${pick(['=', '!='])} ${pick(['error', 'ok', 'unset'])}`;
      case 4:
        return `kind ${pick(['=', '!='])} ${pick(['server', 'client', 'internal'])}`;
      case 5:
        return `${pick(['duration', 'traceDuration'])} ${order()} ${pick(['5ms', '10ms', '0', '20000000'])}`;
      case 6:
        return pick(['true', 'false', attribute()]);
      case 7:
        return `resource.service.name ${pick(['=', '!=', '=~'])} ${text()}`;
      default: {
        const literal = value();
        const ordered = literal !== 'true' && literal !== 'false';
        return `${attribute()} ${ordered ? order() : pick(['=', '!='])} ${literal}`;
      }
    }
  };
  const condition = (depth: number): string => {
    if (depth === 0 || random() < 0.4) return comparison();
    const joined = `${condition(depth - 1)} ${pick(['&&', '||'])} ${condition(depth - 1)}`;
    return random() < 0.5 ? `(${joined})` : joined;
  };
  const stage = (): string =>
    pick([
      `count() ${order()} ${below(4)}`,
      `${pick(['avg', 'min', 'max', 'sum'])}(${pick(['duration', '.a'])}) ${order()} ${pick(['1', '10ms'])}`,
      `select(${attribute()}, name)`,
      `{ ${condition(1)} }`,
    ]);
  const spans = (depth: number): string => {
    if (depth === 0 || random() < 0.3) return random() < 0.1 ? '{}' : `{ ${condition(2)} }`;
    if (random() < 0.25) return `(${spans(depth - 1)} | ${stage()})`;
    const operator = pick(['&&', '||', '>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!~', '&>>', '&<']);
    const joined = `${spans(depth - 1)} ${operator} ${spans(depth - 1)}`;
    return random() < 0.5 ? `(${joined})` : joined;
  };
  return random() < 0.3 ? `${spans(2)} | ${stage()}` : spans(2);
};
