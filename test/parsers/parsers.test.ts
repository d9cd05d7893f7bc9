/**
 * Every parser of what strangers write (notebooks, mails, traces in mails, schedules, results of a realm) is fed what it
 * takes, cut, mixed and damaged: it gives something or refuses in its own words, and never breaks or hangs. What kernels
 * print has its own: test/recordings/fuzz.test.ts. Prints the seed; GUPBOOK_SEED=N repeats a run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ScheduleError } from '../../main/engine/errors.ts';
import { formatSchedule, parseSchedule } from '../../main/engine/explore/schedule.ts';
import { Columns } from '../../main/engine/lower/columns.ts';
import { decodeLine, lineEncoder } from '../../main/lab/headless-lines.ts';
import { lowerScript } from '../../main/lab/lower/script.ts';
import { parse, print } from '../../main/lab/notebook-format.ts';
import { checkRealmMessage } from '../../main/lab/realm-messages.ts';
import { scriptFor } from '../../main/lab/script.ts';
import { ScriptSyntaxError } from '../../main/lab/script-syntax-error.ts';
import { FORMATS } from '../../main/report/index.ts';
import { lintMail } from '../../main/report/lint-mail.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { readReports } from '../../main/report/read-report.ts';
import { Refusal } from '../../main/report/refusal.ts';
import { ALL_SECTIONS } from '../../main/report/report.ts';
import { parseTrace } from '../../main/report/trace-parse.ts';
import { traceText } from '../../main/report/trace-text.ts';
import { report, seedResults, twoBios } from '../report/fixtures.ts';
import { below, type Random, random } from '../torture/random.ts';

const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const EACH = Number(process.env.GUPBOOK_FUZZ ?? 300);
const repository = resolve(import.meta.dirname, '../..');

const told = { inputs: 0, taken: 0, refused: 0, slowest: 0, parser: '' };
afterAll(() => {
  const { inputs, taken, refused, slowest, parser } = told;
  console.log(
    `parsers: seed ${seed}, ${inputs} inputs to ${PARSERS.length} parsers: ${taken} taken, ${refused} refused; ` +
      `0 crashes, 0 hangs (slowest ${Math.round(slowest)} ms, ${parser})`,
  );
});

interface Parser {
  readonly name: string;
  /** What it takes. */
  readonly good: readonly string[];
  readonly read: (text: string) => unknown;
  /** Whether an error is how it refuses. */
  readonly refuses: (error: unknown) => boolean;
}

const notebooks = readdirSync(join(repository, 'scenarios'))
  .filter((name) => name.endsWith('.lab.ts'))
  .slice(0, 6)
  .map((name) => readFileSync(join(repository, 'scenarios', name), 'utf8'));
const file = { name: 'two bios.lab.ts', sha256: '0'.repeat(64), text: notebooks[0] ?? '' };
const mails = (['reply', 'mbox'] as const).map((format) =>
  FORMATS[format].make(report({ file, sections: { ...ALL_SECTIONS, scenario: true } })),
);
const never = (): boolean => false;
const isRefusal = (error: unknown): boolean => error instanceof Refusal;
const encode = lineEncoder();
const messages = [
  ...seedResults().map((result) => encode({ kind: 'result', result })),
  encode({ kind: 'console', text: 'na\u00efve' }),
];

const PARSERS: readonly Parser[] = [
  {
    name: 'the notebook format',
    good: notebooks,
    read: (text) => expect(print(parse(text))).toBe(text),
    refuses: never,
  },
  {
    name: 'scripts of notebooks',
    good: notebooks,
    read: (text) => new Columns(lowerScript(scriptFor(parse(text), 'all').code)),
    refuses: (error) => error instanceof ScriptSyntaxError,
  },
  { name: 'mails', good: mails, read: (text) => readMessage(text), refuses: isRefusal },
  { name: 'reports in mails', good: mails, read: (text) => readReports(text.split('\n')), refuses: isRefusal },
  { name: 'the judge of mails', good: mails, read: (text) => lintMail(text), refuses: isRefusal },
  {
    name: 'traces as text',
    good: [traceText(twoBios('pin-v5', 4))],
    read: (text) => parseTrace(text),
    refuses: isRefusal,
  },
  {
    name: 'schedules',
    good: ['0x3.1.0x12', '0.1.2?1.0x4', formatSchedule([{ actor: 0, answer: 1, chooses: true }])],
    read: (text) => parseSchedule(text),
    refuses: (error) => error instanceof ScheduleError,
  },
  {
    name: 'lines of a headless realm',
    good: messages,
    read: (text) => checkRealmMessage(decodeLine(text)),
    // The runner takes whatever is thrown here for no message.
    refuses: (error) => error instanceof Error,
  },
];

const ODD = [
  '\0',
  '\u2028',
  '\uFEFF',
  '\uD800',
  '`',
  '${',
  '/*',
  '// %% ',
  '<!--',
  '"',
  '\r',
  '=?utf-8?q?',
  '--',
  '9'.repeat(40),
  '(',
  '\n\n',
];

/** One or two texts with up to four things done to them. */
function damaged(next: Random, good: readonly string[]): string {
  const one = (): string => good[below(next, good.length)] ?? '';
  let text = one();
  for (let times = below(next, 4); times >= 0; times--) {
    const at = below(next, text.length + 1);
    const to = Math.min(text.length, at + below(next, 200));
    const odd = ODD[below(next, ODD.length)] ?? '';
    switch (below(next, 8)) {
      case 0:
        text = text.slice(0, at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(to);
        break;
      case 2:
        text = text.slice(0, at) + odd + text.slice(at);
        break;
      case 3:
        text = text.slice(0, to) + text.slice(at);
        break;
      case 4:
        text = text.slice(0, at) + one().slice(below(next, 2000));
        break;
      case 5:
        text = text.slice(0, at) + String.fromCharCode(below(next, 65_536)) + text.slice(at + 1);
        break;
      case 6:
        text = text.slice(0, at) + odd.repeat(below(next, 300)) + text.slice(at);
        break;
      default:
        text = text
          .split('\n')
          .sort(() => below(next, 3) - 1)
          .join('\n');
    }
    if (text.length > 200_000) text = text.slice(0, 200_000);
  }
  return text;
}

it.each(PARSERS)('$name', { timeout: 300_000 }, ({ name, good, read, refuses }) => {
  for (const text of good) expect(() => read(text)).not.toThrow();
  const next = random(seed);
  for (let n = 0; n < EACH; n++) {
    const text = damaged(next, good);
    const from = performance.now();
    told.inputs++;
    try {
      read(text);
      told.taken++;
    } catch (error) {
      if (!refuses(error))
        throw new Error(`input ${n} of seed ${seed}: ${JSON.stringify(text.slice(0, 400))}`, { cause: error });
      told.refused++;
    }
    const took = performance.now() - from;
    if (took > told.slowest) Object.assign(told, { slowest: took, parser: name });
  }
});
