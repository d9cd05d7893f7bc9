import { describe, expect, it } from 'vitest';
import { checksTable } from '../../main/report/checks-table.ts';
import { columnsOf, cut, table, wrap } from '../../main/report/columns.ts';
import { FORMATS, render } from '../../main/report/index.ts';
import { lintMail } from '../../main/report/lint-mail.ts';
import { mailBody } from '../../main/report/mail.ts';
import { readReports } from '../../main/report/read-report.ts';
import { firstFailures, type Report } from '../../main/report/report.ts';
import { changesIn, seriesTable } from '../../main/report/series.ts';
import { stateTable } from '../../main/report/state-table.ts';
import { failure, report, result, seedResults, TraceBuilder, twoBios, undoRace } from './fixtures.ts';

const FIFTEEN = '5.6 pin-v5 pin-v6 pin-v7 5.7-bias 5.7 5.9 5.11 5.14 5.18 5.19 6.1 6.5 6.10 7.2'.split(' ');

function never(): never {
  throw new Error('the report has no failure');
}

function refusal(value: Report, format: 'litmus' | 'promela' | 'changelog'): string {
  const made = render(value, format);
  return made.ok ? '' : made.reason;
}

describe('experiments and kernels as a table', () => {
  it('shows the counts of the seed, kernel beside kernel', () => {
    const text = FORMATS.reply.make(report());
    expect(text).toContain(
      [
        '  step                            pin-v5  pin-v6        7.2',
        '  -----------------------------  -------  ------  ---------',
        '  start                                1       1      1 / 0',
        '  submit: pin_user_pages_fast()     1025  524289  513 / 512',
        '  bio0: bio_release_pages()      -261119  262145  257 / 256',
        '  bio1: bio_release_pages()      -523263       1      1 / 0',
      ].join('\n'),
    );
  });

  it('puts fifteen kernels into bands that fit', () => {
    const verdict = (i: number) => (i % 2 === 0 ? 'pass' : 'not-applicable');
    const experiment = 'an experiment with a rather long name';
    const results = FIFTEEN.map((kernel, i) => result({ kernel, experiment, verdict: verdict(i) }));
    const lines = checksTable(report({ results }));
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(72);
    for (const kernel of FIFTEEN) expect(lines.join('\n')).toMatch(new RegExp(`\\b${kernel.replace(/\./g, '\\.')}\\b`));
    expect(lines.join('\n').match(/\bok\b/g)).toHaveLength(8);
  });

  it('puts neighbours that agree into one column where fifteen do not fit', () => {
    const results = FIFTEEN.map((kernel) =>
      result({ kernel, verdict: kernel.startsWith('pin') ? 'inconclusive' : 'pass', exhaustive: kernel >= '5' }),
    );
    expect(checksTable(report({ results }), false).slice(0, 3)).toEqual([
      '  Experiment                  5.6  pin-v5..pin-v7  5.7-bias..7.2',
      '  --------------------------  ---  --------------  -------------',
      '  two bios over one THP, PIN   ok               ?             ok',
    ]);
  });

  it('shows one count under fifteen kernels, equal ones in one column', () => {
    const [broken] = seedResults();
    const results = FIFTEEN.map((kernel) =>
      kernel === 'pin-v5' && broken !== undefined
        ? broken
        : result({ kernel, sample: twoBios(FIFTEEN.indexOf(kernel) > 4 ? '7.2' : 'pin-v6') }),
    );
    const lines = stateTable(report({ results }), firstFailures(report({ results }))[0] ?? never());
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(72);
    expect(lines.slice(2)).toEqual([
      '  step                              5.6   pin-v5  pin-v6..5.7-bias',
      '  -----------------------------  ------  -------  ----------------',
      '  start                               1        1                 1',
      '  submit: pin_user_pages_fast()  524289     1025            524289',
      '  bio0: bio_release_pages()      262145  -261119            262145',
      '  bio1: bio_release_pages()           1  -523263                 1',
      '',
      '  step                            5.7..7.2',
      '  -----------------------------  ---------',
      '  start                              1 / 0',
      '  submit: pin_user_pages_fast()  513 / 512',
      '  bio0: bio_release_pages()      257 / 256',
      '  bio1: bio_release_pages()          1 / 0',
    ]);
  });

  it('says what rare cells mean, and calls a check held only after a complete search', () => {
    const failures = [failure(twoBios('pin-v5', 1), 6, 'one', 'm')];
    const results = [
      result({ kernel: 'a', verdict: 'fail', failures: [...failures, failure(twoBios('pin-v5', 1), 6, 'two', 'm')] }),
      result({ kernel: 'b', verdict: 'fail', failures, exhaustive: false, limit: 'time' }),
      result({ kernel: 'c', verdict: 'not-applicable' }),
      result({ kernel: 'd', verdict: 'inconclusive', exhaustive: false, limit: 'states' }),
    ];
    const text = checksTable(report({ results })).join('\n');
    expect(text).toMatch(/two +FAIL +\? +n\/a +\?/);
    expect(text).toContain('?   the search was cut off: nothing is known');
    expect(text).toContain('n/a the kernel lacks the function');
  });

  it('wraps long names instead of cutting them', () => {
    const rows = table(
      [
        { title: 'x', align: 'left' },
        { title: 'y', align: 'right' },
      ],
      [['word '.repeat(30).trim(), '1']],
    );
    expect(rows.join(' ').match(/word/g)).toHaveLength(30);
    for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(72);
  });
});

describe('what changed since the last posting', () => {
  it('names what the next kernel fixed and what it broke, check by check where both fail', () => {
    const trace = twoBios('pin-v5', 1);
    const fails = (kernel: string, ...checks: readonly string[]) =>
      result({ kernel, verdict: 'fail', failures: checks.map((check) => failure(trace, 6, check, 'm')) });
    const value = report({
      results: [fails('v5', 'I4', 'I2'), fails('v6', 'I2', 'I3'), result({ kernel: 'v7' }), fails('v8', 'I2')],
    });
    expect(changesIn(value).map(({ from, to, what, check }) => `${from}-${to} ${what} ${check}`)).toEqual([
      'v5-v6 fixed I4',
      'v5-v6 broken I3',
      'v6-v7 fixed null',
      'v7-v8 broken null',
    ]);
    expect(seriesTable(report({ results: [result({ kernel: 'a' }), result({ kernel: 'b' })] }))).toEqual([
      '  No verdict changes from one kernel to the next.',
    ]);
  });

  it('is told in a report about the series: one summary, the change, each failure in detail', () => {
    const results = seedResults().filter(({ kernel }) => kernel !== '7.2');
    const text = FORMATS.series.make(report({ results }));
    expect(text).toContain(
      [
        '2 experiments under 2 kernels:',
        '',
        '  Experiment                  pin-v5  pin-v6',
        '  --------------------------  ------  ------',
        '  two bios over one THP, PIN    FAIL      ok',
        '  two bios over one THP, GET      ok      ok',
      ].join('\n'),
    );
    expect(text).toMatch(
      /What changed from pin-v5 to pin-v6:\n\n.*\n.*\n {2}two bios over one THP, PIN +pin-v5 +pin-v6 +fixed/,
    );
    expect(text).toMatch(/^1\. Under pin-v5 /m);
    expect(text).toMatch(/\^{18}/);
    expect(readReports(text.split('\n'))[0]?.replays).toHaveLength(1);
    expect(lintMail(text).findings).toEqual([]);
    expect(mailBody(report({ results, layout: 'series' }))).toContain(text);
  });

  it('does not call a search that was cut off fixed', () => {
    const failures = [failure(twoBios('pin-v5', 1), 6, 'I4', 'm')];
    const value = report({
      results: [
        result({ kernel: 'v5', verdict: 'fail', failures }),
        result({ kernel: 'v6', verdict: 'inconclusive', exhaustive: false, limit: 'states' }),
      ],
    });
    expect(changesIn(value).map((change) => change.what)).toEqual(['open']);
  });
});

describe('litmus and Promela', () => {
  it('batches what nothing came between, and asks for the outcome of the schedule', () => {
    const value = report({
      chosen: [{ experiment: 'two bios over one THP, PIN', kernel: 'pin-v5', check: 'every reference is given back' }],
    });
    const litmus = FORMATS.litmus.make(value);
    expect(litmus).toMatch(/^C two-bios-pin-v5\n/);
    expect(litmus).toContain('atomic_t buf__refcount = ATOMIC_INIT(1025);');
    expect(litmus.match(/atomic_sub_return\(262144, buf__refcount\)/g)).toHaveLength(2);
    expect(litmus).toContain('exists (0:r0=-261119 /\\ 1:r0=-523263 /\\ buf__refcount=-523263)');
    const promela = FORMATS.promela.make(value);
    expect(promela.match(/i < 256 ->/g)).toHaveLength(2);
    expect(promela).toContain('assert(off_path || !(buf__refcount == -523263))');
  });

  it('keeps the reads that see a change, and leaves out those that cannot', () => {
    const failures = [failure(undoRace(), 8, 'I2', 'm')];
    const litmus = FORMATS.litmus.make(report({ results: [result({ verdict: 'fail', failures })] }));
    expect(litmus.match(/atomic_read\(mm_pmd\)/g)).toHaveLength(2);
    expect(litmus).not.toContain('compound_head');
    expect(litmus).toContain('atomic_add_unless(buf__refcount, 1024, 0)');
  });

  it('starts a thread that is spawned on the way by a flag', () => {
    const trace = new TraceBuilder()
      .actor('a')
      .actor('b')
      .actor('c', 'irq')
      .object('p', 'folio')
      .word('p', '_refcount', 1);
    trace.step('a', 'ADDR', 'p._refcount', 1, 'f').step('b', 'ADDR', 'p._refcount', 1, 'g').spawn('c');
    trace.step('c', 'SUBT', 'p._refcount', 1, 'h');
    const value = report({ results: [result({ verdict: 'fail', failures: [failure(trace.build(), 2, 'x', 'm')] })] });
    expect(FORMATS.litmus.make(value)).toMatch(/smp_store_release\(go_c, 1\);[\s\S]*r0 = smp_load_acquire\(go_c\);/);
    expect(FORMATS.promela.make(value)).toMatch(/run c\(\);/);
  });

  it('waits for interrupts: a flag in litmus, a condition in Promela', () => {
    const trace = new TraceBuilder()
      .actor('a')
      .actor('b')
      .object('p', 'folio')
      .object('cpu', 'cpu')
      .word('p', '_refcount', 2);
    trace.word('cpu', 'irqs_off', 0, 'bool');
    trace.step('a', 'IRQ-', 'cpu.irqs_off', 0, 'f').step('a', 'ADDR', 'p._refcount', 1, 'f');
    trace
      .step('a', 'IRQ+', 'cpu.irqs_off', 0, 'f')
      .step('b', 'SYNC', '', 0, 'g')
      .step('b', 'SUBT', 'p._refcount', 3, 'g');
    const value = report({ results: [result({ verdict: 'fail', failures: [failure(trace.build(), 4, 'x', 'm')] })] });
    expect(FORMATS.litmus.make(value)).toMatch(/smp_store_release\(irqs_on_a, 1\)[\s\S]*smp_load_acquire\(irqs_on_a\)/);
    expect(FORMATS.promela.make(value)).toContain('(cpu_irqs_off == 0);');
  });

  it.each([
    ['nothing fails', report({ results: [result({})] }), /^no, because nothing fails/],
    [
      'one actor is enough',
      report({ results: seedResults().map((r) => ({ ...r, failures: r.failures.slice(0, 1) })) }),
      /only one actor/,
    ],
  ])('are refused with the reason where %s', (_, value, reason) => {
    expect(refusal(value, 'litmus')).toMatch(reason);
    expect(refusal(value, 'promela')).toMatch(reason);
  });

  it('are refused where herd7 would never end, but not for SPIN', () => {
    const trace = new TraceBuilder().actor('a').actor('b').object('p', 'folio').word('p', '_refcount', 1);
    for (let i = 0; i < 40; i++) trace.step(i % 2 ? 'a' : 'b', 'ADDR', 'p._refcount', 1, 'f');
    const value = report({ results: [result({ verdict: 'fail', failures: [failure(trace.build(), 39, 'x', 'm')] })] });
    expect(refusal(value, 'litmus')).toMatch(/herd7 enumerates every execution/);
    expect(refusal(value, 'promela')).toBe('');
  });
});

describe('other formats', () => {
  it('a changelog needs a problem', () => {
    expect(refusal(report({ results: [result({})] }), 'changelog')).toMatch(/a changelog describes a problem/);
  });

  it('JSON has the shape of run --json, with every step of the first failure', () => {
    const value: unknown = JSON.parse(FORMATS.json.make(report()));
    expect(value).toMatchObject({
      gupbook: { version: '0.1.0', engine: '1' },
      memoryModel: 'sc',
      results: [
        {
          file: 'two-bios.lab.ts',
          experiment: 'two bios over one THP, PIN',
          kernel: 'pin-v5',
          verdict: 'fail',
          exhaustive: true,
          failure: {
            check: 'I4 a held pin reads as pinned',
            schedule: '0x5.1x2',
            failingStep: 7,
            steps: [
              { n: 1, actor: 'submit', op: 'R', word: 'buf.pmd' },
              {},
              {},
              {},
              {},
              {},
              { before: 1025, after: 1 },
            ],
          },
          failures: [{ check: 'I4 a held pin reads as pinned' }, { check: 'every reference is given back' }],
        },
        {},
        {},
        {},
        {},
        {},
      ],
    });
  });

  it('HTML is one page without scripts or anything from elsewhere, and escapes what authors write', () => {
    const evil = '</pre><script>alert(1)</script>&"';
    const value = report({ results: seedResults().map((r) => ({ ...r, experiment: `${evil}${r.experiment}` })) });
    const page = FORMATS.html.make(value);
    expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(|http:(?!\/\/www\.w3\.org)|https:/);
    expect(page).toContain('&lt;/pre&gt;&lt;script&gt;');
    expect(page).toContain('For archives: mail the text version.');
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<svg ');
  });

  it('Markdown fences the plain report, whatever stands in it', () => {
    const value = report({ results: seedResults().map((r) => ({ ...r, experiment: `\`\`\`\` ${r.experiment}` })) });
    expect(FORMATS.markdown.make(value)).toMatch(/\n`{5}text\n[\s\S]*\n`{5}\n/);
  });

  it('JUnit counts errors, failures and skips for themselves', () => {
    const results = [
      result({ kernel: 'a', verdict: 'error', error: { message: 'a < b & "c"', line: 1, column: 1, stack: '' } }),
      result({ kernel: 'b', verdict: 'not-applicable' }),
      result({ kernel: 'c', verdict: 'inconclusive', exhaustive: false, limit: 'time' }),
      result({
        kernel: 'd',
        verdict: 'fail',
        failures: [failure(twoBios('pin-v5', 1), 6, 'x', 'm')],
        asExpected: false,
      }),
    ];
    const text = FORMATS.junit.make(report({ results }));
    expect(text).toContain('tests="4" failures="1" skipped="1" errors="2"');
    expect(text).toContain('a &lt; b &amp; &quot;c&quot;');
  });
});

describe('columns', () => {
  it('measures wide and combining characters as terminals show them', () => {
    expect(columnsOf('\u4e2d\u6587')).toBe(4);
    expect(columnsOf('e\u0301')).toBe(1);
    expect(cut('\u4e2d\u6587\u4e2d\u6587', 7)).toBe('\u4e2d\u6587...');
  });

  it('wraps at blanks and breaks only what is wider than a line', () => {
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrap('aaaaaaaaaa bb', 5, '', '  ')).toEqual(['aaaaa', '  aaa', '  aa', '  bb']);
    expect(wrap('', 5)).toEqual(['']);
  });
});
