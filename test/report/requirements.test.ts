/** What a report must meet, by number, on the seed's case: see "R1 ..." in each name. */
import { describe, expect, it } from 'vitest';
import { advice, sendCommand } from '../../main/report/advice.ts';
import { looksLikeTrailer } from '../../main/report/armour.ts';
import { columnsOf } from '../../main/report/columns.ts';
import { FORMATS, type FormatName, isFormatName, render } from '../../main/report/index.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import type { Report } from '../../main/report/report.ts';
import { failure, report, result, twoBios } from './fixtures.ts';

const LONG_QUOTE = `    if (unlikely(pte_val(pte) != pte_val(*ptep))) {\t${'/* nobody may wrap this */'.repeat(4)}`;
const PARENT = readMessage(
  [
    'From: John Hubbard <john@developer.example.org>',
    'To: Jan Kara <jan@developer.example.org>',
    'Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
    'Date: Mon, 18 Nov 2019 16:22:43 -0800',
    'Message-ID: <8424f891@developer.example.org>',
    'References: <1@developer.example.org>',
    '',
    LONG_QUOTE,
    'Yes, completely agreed.',
  ].join('\n'),
);

function answer(part: Partial<Report> = {}): Report {
  return report({ parent: { kind: 'message', message: PARENT }, quote: [0, 1], ...part });
}

function text(name: FormatName, value: Report = answer()): string {
  const made = render(value, name);
  return made.ok ? made.text : made.reason;
}

function body(mail: string): string[] {
  return mail
    .slice(mail.indexOf('\n\n') + 2)
    .trimEnd()
    .split('\n');
}

function own(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith('>'));
}

const FOR_MAIL = Object.keys(FORMATS)
  .filter(isFormatName)
  .filter((name) => FORMATS[name].mail);
const LINES: Record<string, string[]> = Object.fromEntries(
  FOR_MAIL.map((name) => [
    name,
    own(name === 'reply' || name === 'mbox' ? body(text(name)) : text(name).trimEnd().split('\n')),
  ]),
);
const NAMES = Object.keys(LINES);

describe('requirements of a report', () => {
  it('R1 one plain text part, not flowed, nothing attached', () => {
    const head = text('reply').split('\n\n')[0] ?? '';
    expect(head).toMatch(/^Content-Type: text\/plain; charset=(us-ascii|UTF-8)$/m);
    expect(head).not.toMatch(/format|Content-Disposition|boundary/i);
  });

  it.each(NAMES)('R2 %s: own lines are at most 72 columns', (name) => {
    for (const line of LINES[name] ?? []) expect(columnsOf(line)).toBeLessThanOrEqual(72);
  });

  it('R2 quotes are left as they are', () => {
    expect(text('reply')).toContain(`\n> ${LONG_QUOTE}\n`);
  });

  it.each(NAMES)('R3 %s: no tab, no control character, ASCII', (name) => {
    for (const line of LINES[name] ?? []) expect(line).toMatch(/^[\x20-\x7e]*$/);
  });

  it('R3 a name that needs UTF-8 gets it', () => {
    const value = answer({ results: [result({ experiment: 'J\u00e9r\u00f4me\u2019s case' })] });
    expect(text('reply', value)).toContain('charset=UTF-8');
    expect(text('reply', value)).toContain('J\u00e9r\u00f4me');
  });

  it.each(NAMES)('R4 %s: no blank at the end of a line, but in "-- "', (name) => {
    for (const line of LINES[name] ?? []) if (line !== '-- ') expect(line).toBe(line.trimEnd());
  });

  it.each(NAMES)('R5 %s: nothing dangerous at column 0', (name) => {
    for (const line of LINES[name] ?? []) expect(line).not.toMatch(/^(---|diff -|Index: |From |#|\*\*\* )/);
  });

  it.each(NAMES)('R6 %s: nothing that b4 takes for a trailer', (name) => {
    for (const line of LINES[name] ?? []) expect(looksLikeTrailer(line)).toBe(false);
  });

  it.each(NAMES)('R7 %s: no bare hexadecimal word, no commit without its title', (name) => {
    for (const line of LINES[name] ?? []) {
      expect(line).not.toMatch(/(^|\s)[0-9a-f]{12,40}([\s"'([]|$)/i);
      expect(line).not.toMatch(/\bcommit\s+[0-9a-f]{5,}/i);
    }
  });

  it('R8 one Re:, the parent last in References, an id and a sender of our own', () => {
    const head = text('reply').split('\n\n')[0] ?? '';
    expect(head).toMatch(/^From: Random J Developer <random@developer.example.org>$/m);
    expect(head).toMatch(/^Subject: Re: \[PATCH v5 17\/24\]/m);
    expect(head).toMatch(/^References: <1@developer.example.org> <8424f891@developer.example.org>$/m);
    expect(head).toMatch(/^In-Reply-To: <8424f891@developer.example.org>$/m);
    expect(head).toMatch(/^Message-ID: <20261124120000\.gupbook\.[0-9a-f]{8}@developer.example.org>$/m);
  });

  it('R9 the mailbox is mboxrd', () => {
    const value = answer({ comment: 'See below.\nFrom here on it fails.\n>From there too.' });
    expect(text('mbox', value)).toContain('\n>From here on it fails.\n>>From there too.\n');
  });

  it.each(Object.keys(FORMATS))('R10 %s: speaks for nobody and commands no bot', (name) => {
    if (!isFormatName(name)) throw new Error(name);
    expect(text(name)).not.toMatch(/(Tested|Reviewed|Acked|Signed-off|Reported)-by|#regzbot|#syz|syzbot/i);
  });

  it.each(['snippet', 'reply', 'mbox', 'cover', 'markdown', 'html'] as const)(
    'R11 %s: says model only, schedule, hash, bounds and what is not modelled',
    (name) => {
      const made = text(name).replace(/\s+/g, ' ').replace(/&#39;/g, "'");
      expect(made).toMatch(/[Nn]othing (below )?ran on a kernel|not run on a kernel/);
      expect(made).toContain('--schedule 0x5.1x2');
      expect(made).toContain('sha256:9f86d081884c7d65');
      expect(made).toMatch(/not modelled: page table locks/i);
      expect(made).toMatch(/complete/);
    },
  );

  it.each(['snippet', 'reply', 'changelog'] as const)(
    'R12 %s: underlines the failing step and shows numbers',
    (name) => {
      const made = text(name);
      expect(made).toMatch(/put_user_page\(buf\) +1\n +\^{18}/);
      expect(made).toMatch(/user_page_ref_inc\(buf\) +1025\n/);
    },
  );

  it('R13 KTAP has version 1, plans, expected failures as ok, unmodelled things as SKIP', () => {
    const made = text('ktap');
    expect(made).toMatch(/^KTAP version 1\n1\.\.3\n/);
    expect(made).toMatch(/^ {2}ok 1 pin-v5 # XFAIL /m);
    expect(made).toMatch(/^ {2}ok 2 page splitting # SKIP not modelled$/m);
    const expecting = (expected: 'pass' | null) =>
      answer({ results: answer().results.map((one) => ({ ...one, expected, asExpected: expected === null })) });
    const unexpected = expecting('pass');
    expect(text('ktap', unexpected)).toMatch(/^ {2}not ok 1 pin-v5$/m);
    expect(text('ktap', unexpected)).toMatch(/^not ok 1 two bios over one THP, PIN$/m);
    expect(text('ktap', expecting(null))).toMatch(/^ {2}ok 1 pin-v5 # SKIP no verdict is expected; breaks /m);
    expect(text('ktap', expecting(null))).not.toContain('not ok');
  });

  it('R14 sends nothing and shows the command that would try', () => {
    expect(sendCommand(answer(), 'a report.eml')).toMatch(/^git send-email --dry-run .* 'a report.eml'$/);
    expect(sendCommand(answer({ parent: null }), 'x.eml')).toContain(' --to=... ');
  });

  it.each(Object.keys(FORMATS))('R15 %s: the same run gives the same bytes', (name) => {
    if (!isFormatName(name)) throw new Error(name);
    expect(text(name, answer())).toBe(text(name, answer()));
  });

  it('R16 addresses come from a raw message or from the user, never from a page', () => {
    const page = readMessage(
      '[<prev] [next>] [list]\nMessage-ID: <1@developer.example.org>\nFrom: J H <jh@...dia.com>\n' +
        'To: x@real.example.org\nSubject: x\nbody',
    );
    const made = text('reply', report({ parent: { kind: 'message', message: page } }));
    expect(made.match(/\S+@\S+/g)?.every((found) => /@developer\.example\.org/.test(found))).toBe(true);
  });

  it('R17 a search that was cut off has not passed, whatever its verdict says', () => {
    const cut = result({ verdict: 'pass', exhaustive: false, limit: 'states', frontier: 17 });
    for (const verdict of ['pass', 'inconclusive'] as const) {
      const value = answer({ results: [{ ...cut, verdict }] });
      const made = text('reply', value).replace(/\s+/g, ' ');
      expect(made).toContain('search not finished, so nothing is known, under 7.2');
      expect(made).toContain('cut off by the budget of states (17 states left to expand)');
      expect(made).not.toMatch(/\bok\b|no failure found \(search complete\)|complete, no bound hit/);
      expect(text('ktap', value)).toMatch(/not ok 1 7\.2 # TIMEOUT/);
      expect(text('junit', value)).toContain('errors="1"');
      expect(text('cover', value)).toContain('?');
    }
  });

  it('R18 reminds, in one line, that a use after free goes to the maintainers first', () => {
    const trace = twoBios('pin-v5', 1);
    const freed = [failure(trace, 6, 'I1 no page is free while somebody holds it', 'buf is on a free list')];
    const value = report({ results: [result({ verdict: 'fail', failures: freed })] });
    expect(advice(value, 'reply').filter((line) => /security/.test(line))).toHaveLength(1);
    expect(advice(answer(), 'reply').filter((line) => /security/.test(line))).toHaveLength(0);
  });
});
