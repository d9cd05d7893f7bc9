import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../main/report/index.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { readReports } from '../../main/report/read-report.ts';
import { ALL_SECTIONS } from '../../main/report/report.ts';
import { failure, report, result, TraceBuilder, twoBios } from './fixtures.ts';

const TEXT = '/// <reference types="gupbook" />\n\n// %% A cell\nexperiment("x", {}, (lab) => {\n\tlab;\n});\n';
const FILE = { name: 'two bios.lab.ts', sha256: createHash('sha256').update(TEXT).digest('hex'), text: TEXT };

function lines(mail: string): readonly string[] {
  return readMessage(mail).lines;
}

const REQUEST = {
  experiment: 'two bios over one THP, PIN',
  kernel: 'pin-v5',
  check: 'I4 a held pin reads as pinned',
  schedule: '0x5.1x2',
};

describe('a report that comes back from the list', () => {
  it('is recognised in the mail that was sent', () => {
    expect(readReports(lines(FORMATS.reply.make(report({ file: FILE }))))).toEqual([
      {
        tool: 'Gupbook 0.1.0, engine 1',
        notebook: 'two bios.lab.ts',
        sha256: FILE.sha256.slice(0, 16),
        replays: [REQUEST],
        text: null,
      },
    ]);
  });

  it('is recognised in the mailbox, with the notebook that it includes, byte for byte', () => {
    const sections = { ...ALL_SECTIONS, scenario: true };
    const [read] = readReports(lines(FORMATS.mbox.make(report({ file: FILE, sections }))));
    expect(read?.text).toBe(TEXT);
    const bare = { ...FILE, text: TEXT.trimEnd() };
    const [other] = readReports(lines(FORMATS.reply.make(report({ file: bare, sections }))));
    expect(other?.text).toBe(TEXT.trimEnd());
  });

  it.each(['> ', '> > ', '>> ', '>'])('is recognised below quote marks "%s"', (mark) => {
    const sections = { ...ALL_SECTIONS, scenario: true };
    const quoted = lines(FORMATS.reply.make(report({ file: FILE, sections }))).map((line) =>
      line === '' ? mark.trimEnd() : mark + line,
    );
    const [read] = readReports(['On Tuesday, somebody wrote:', ...quoted, '', 'Thanks.']);
    expect(read?.replays).toEqual([REQUEST]);
    expect(read?.notebook).toBe('two bios.lab.ts');
  });

  it('gives back long schedules and names that took several lines', () => {
    const trace = new TraceBuilder().actor('a').actor('b').object('p', 'folio').word('p', '_refcount', 1);
    for (let i = 0; i < 300; i++) trace.step(i % 3 === 0 ? 'a' : 'b', 'ADD', 'p._refcount', 1, 'f');
    const built = trace.build();
    const experiment = 'an experiment whose name is so long that it takes more than one line of the block, and more';
    const failures = [failure(built, 299, 'a check', 'a message')];
    const value = report({ results: [result({ experiment, kernel: '6.1.192', verdict: 'fail', failures })] });
    expect(readReports(lines(FORMATS.reply.make(value)))[0]?.replays).toEqual([
      { experiment, kernel: '6.1.192', check: 'a check', schedule: built.schedule },
    ]);
  });

  it('gives back every failure of a cover letter', () => {
    const failures = [failure(twoBios('pin-v5', 1), 6, 'one', 'm')];
    const value = report({
      results: [
        result({ experiment: 'first', verdict: 'fail', failures }),
        result({ experiment: 'second', verdict: 'fail', failures }),
      ],
    });
    const [read] = readReports(FORMATS.cover.make(value).split('\n'));
    expect(read?.replays.map((replay) => replay.experiment)).toEqual(['first', 'second']);
  });

  it('is not seen where there is none', () => {
    expect(readReports(['Replay', '  tool  x', 'Replay this please.', '> Replay', '>   schedule  0x1'])).toEqual([]);
    expect(readReports(Array.from({ length: 30_000 }, () => '> Replay'))).toEqual([]);
  });
});

describe('the command of the replay block', () => {
  it('can be pasted into a shell: no quoted string is broken by a backslash', () => {
    const name = "it's a name that is far too long for one line of a mail, and that has a quote in it as well";
    const failures = [failure(twoBios('pin-v5', 1), 6, 'check', 'm')];
    const mail = FORMATS.reply.make(report({ results: [result({ experiment: name, verdict: 'fail', failures })] }));
    const block = mail.slice(mail.indexOf('  command '), mail.indexOf('\n\nExplored'));
    const script = block.replace('  command', '').trim();
    // What a shell makes of it: a backslash at a line's end joins, blanks outside quotes separate.
    const words: string[] = script.replace(/\\\n/g, ' ').match(/(?:'[^']*'|\\'|[^\s'])+/g) ?? [];
    const value = (words[words.indexOf('--experiment') + 1] ?? '').replace(
      /'([^']*)'|\\'/g,
      (all, inner) => inner ?? (all === "\\'" ? "'" : ''),
    );
    expect(value.replace(/\s+/g, ' ')).toBe(name);
  });
});
