import type { Demo } from './run.ts';
import type { Scenario } from './scenarios/index.ts';

const WIDTH = 92;

/** Breaks text into lines of the terminal's usual width. */
export const wrap = (text: string, indent: string): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  lines.push(line);
  return lines.map((each) => indent + each).join('\n');
};

const bullet = (text: string): string => wrap(text, '    ').replace('    ', '  - ');

/** For `--list`. */
export const describeScenarios = (scenarios: readonly Scenario[]): string =>
  scenarios.map(({ name, story }) => `${name}\n${wrap(story, '  ')}\n`).join('\n');

/** What the terminal shows once the demo runs. */
export const greet = (
  { scenario, urls }: Pick<Demo, 'scenario' | 'urls'>,
  settings: { readonly rate: number; readonly durationSeconds: number | undefined },
): string => {
  const fault = scenario.faultAfterSeconds;
  return [
    '',
    `The shop is open, and plays "${scenario.name}" at ${settings.rate} requests a second.`,
    '',
    urls.ui ? `  explorer  ${urls.ui}` : `  spans go to  ${urls.otlpHttp}`,
    `  shop      ${urls.gateway}`,
    `  broker    ${urls.nats}`,
    '',
    wrap(scenario.story, '  '),
    ...(fault > 0
      ? ['', `  The trouble begins ${fault} s from now; until then you see the shop as it should be.`]
      : []),
    '',
    '  Look at',
    ...scenario.lookAt.map(bullet),
    '',
    settings.durationSeconds
      ? `  It stops by itself after ${settings.durationSeconds} s; Ctrl-C stops it now.`
      : '  Ctrl-C stops everything.',
    '',
  ].join('\n');
};
