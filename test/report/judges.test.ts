/**
 * What outside judges say of our texts: git, b4, mutt, formail, Python's strict mail parser, checkpatch, kunit.py,
 * prove, SPIN. `npm test` installs them where it can (main/setup/judges.mjs); one that is not there is named in a
 * skipped test. Nothing is sent: send-email runs with --dry-run and /bin/false as its server. Judges that are slow to
 * start get all reports at once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { type FormatName, render } from '../../main/report/index.ts';
import { toMboxrd } from '../../main/report/mboxrd.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { ALL_SECTIONS, type Report } from '../../main/report/report.ts';
import { report } from './fixtures.ts';
import { AUTHOR, folder, KERNEL_TREE, needs, type Outcome, PYTHON, run, write } from './judge.ts';
import { runScenario, scenarioNames } from './scenario-runs.ts';

const PARENT = readMessage(
  [
    'From: John Hubbard <john@developer.example.org>',
    'To: Jan Kara <jan@developer.example.org>',
    'Cc: linux-mm@lists.example.org',
    'Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
    'Date: Mon, 18 Nov 2019 16:22:43 -0800',
    'Message-ID: <8424f891-271d-5c34-8f7c-ebf3e3aa6664@developer.example.org>',
    'References: <20191115055340.1825745-1@developer.example.org>',
    ' <20191118115829.GJ17319@developer.example.org>',
    '',
    'On 11/18/19 3:58 AM, Jan Kara wrote:',
    '> From what I see we can e.g. GUP whole 2 MB page, submit it as 2 different bios and then',
    '> drop page references from each bio completion function.',
    '>',
    '> --- a/mm/gup.c',
    '> Fixes: 0123456789ab ("quoted")',
    '',
    'Yes, completely agreed, this was a (big) oversight.',
  ].join('\n'),
);

/** Milliseconds, as a net: other people's programs take their time on a machine that has other things to do. */
vi.setConfig({ testTimeout: 300_000 });

/** What kunit.py colours its lines with. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Four kernels that disagree, so that reports have something to say. */
const KERNEL_IDS = ['pin-v5', '5.9', '6.1', '7.2'];
const FAILING = new Set<string>();
const REPORTS = new Map<string, Report>();
const NAMES = ['the seed in numbers', 'a notebook included', 'UTF-8 names', ...scenarioNames()];

beforeAll(async () => {
  const parent = { kind: 'message', message: PARENT } as const;
  const base = report({ parent, quote: [0, 1, 2, 4, 5, 7], author: AUTHOR });
  const text = '/// <reference types="gupbook" />\n\n# not a comment\n--- a/x\nFrom here\n\ttab\n';
  REPORTS.set('the seed in numbers', base);
  REPORTS.set('a notebook included', {
    ...base,
    comment: 'Hello,\n\nsee below.\nFrom here on it fails.',
    file: { ...base.file, text },
    sections: { ...ALL_SECTIONS, scenario: true },
  });
  REPORTS.set('UTF-8 names', {
    ...base,
    author: { name: 'J\u00e9r\u00f4me Glisse', email: AUTHOR.email },
    results: base.results.map((result) => ({ ...result, experiment: `${result.experiment}, J\u00e9r\u00f4me\u2019s` })),
  });
  for (const name of scenarioNames()) {
    const { sha256, text: source, results } = await runScenario(name, KERNEL_IDS);
    if (results.length === 0) throw new Error(`${name} runs under none of ${KERNEL_IDS.join(', ')}`);
    const kernelTitles = Object.fromEntries(KERNELS.map(({ id, title }) => [id, title]));
    REPORTS.set(name, { ...base, file: { name, sha256, text: source }, results, kernelTitles });
    if (results.some((result) => result.verdict === 'fail')) FAILING.add(name);
  }
  for (const name of NAMES.slice(0, 3)) FAILING.add(name);
}, 600_000);

function made(name: string, format: FormatName): string {
  const value = REPORTS.get(name);
  if (value === undefined) throw new Error(`no report ${name}`);
  const text = render(value, format);
  if (!text.ok) throw new Error(text.reason);
  return text.text;
}

function bodyOf(mail: string): string {
  return mail.slice(mail.indexOf('\n\n') + 2);
}

/** Fails with what the judge said. */
function accepts(outcome: Outcome, status = 0): Outcome {
  expect(`${outcome.status}\n${outcome.status === status ? '' : outcome.out + outcome.err}`).toBe(`${status}\n`);
  return outcome;
}

describe.each(NAMES)('mail: %s', (name) => {
  it('git mailinfo finds the whole text and no patch', (context) => {
    needs(context, 'git');
    const dir = folder();
    const mail = made(name, 'reply');
    const { out } = accepts(
      run('git', ['mailinfo', '--encoding=UTF-8', 'message', 'patch'], { cwd: dir, input: mail }),
    );
    expect(readFileSync(join(dir, 'message'), 'utf8')).toBe(bodyOf(mail));
    expect(readFileSync(join(dir, 'patch'), 'utf8')).toBe('');
    expect(out).toContain('Subject: mm/gup: track FOLL_PIN pages');
  });

  it('git finds no trailer', (context) => {
    needs(context, 'git');
    const { out } = accepts(run('git', ['interpret-trailers', '--parse'], { input: bodyOf(made(name, 'reply')) }));
    expect(out).toBe('');
  });

  it('git mailsplit gives back the mail out of the mailbox', (context) => {
    needs(context, 'git');
    const dir = folder();
    const { out } = accepts(run('git', ['mailsplit', '--mboxrd', `-o${dir}`, write(dir, 'box', made(name, 'mbox'))]));
    expect(out.trim()).toBe('1');
    const split = readFileSync(join(dir, '0001'), 'utf8').split('\n');
    // The separator before it and the empty line behind it belong to the mailbox.
    expect(split.slice(1, -2).join('\n')).toBe(made(name, 'reply').replace(/\n$/, ''));
  });

  it('git am refuses it: it is no patch', (context) => {
    needs(context, 'git');
    const dir = folder();
    accepts(run('git', ['init', '-q', '.'], { cwd: dir }));
    accepts(run('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: dir }));
    const refused = run('git', ['am', write(folder(), 'box', made(name, 'mbox'))], { cwd: dir });
    expect(refused.status).toBe(128);
    expect(refused.out + refused.err).toContain('Patch is empty');
  });

  it("Python's strict parser finds no defect", (context) => {
    needs(context, 'python3');
    const dir = folder();
    const code = [
      'import sys, re, email, email.policy, mailbox',
      "raw = open(sys.argv[1], 'rb').read()",
      'm = email.message_from_bytes(raw, policy=email.policy.strict)',
      "for h in ('From', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References'):",
      '    assert len(m.get_all(h, [])) == 1 and not m[h].defects, h',
      "assert not m.defects and m.get_content_type() == 'text/plain' and not m.is_multipart()",
      "assert m.get_param('format') is None and m['Content-Disposition'] is None",
      "assert re.findall(r'<[^<>\\s]+>', m['References'])[-1] == m['In-Reply-To'].strip()",
      'assert len(mailbox.mbox(sys.argv[2], create=False)) == 1',
      'sys.stdout.reconfigure(encoding="utf-8", newline="")',
      'sys.stdout.write(m.get_content())',
    ].join('\n');
    const mail = made(name, 'reply');
    const { out } = accepts(run(PYTHON, ['-c', code, write(dir, 'm', mail), write(dir, 'box', made(name, 'mbox'))]));
    expect(out).toBe(bodyOf(mail));
  });

  it('formail reads the thread', (context) => {
    needs(context, 'formail');
    const { out } = accepts(run('formail', ['-z', '-x', 'In-Reply-To:'], { input: made(name, 'reply') }));
    expect(out.trim()).toBe('<8424f891-271d-5c34-8f7c-ebf3e3aa6664@developer.example.org>');
  });
});

/** Writes one text of every report into a folder, as `0.eml`, `1.eml` ... in the order of NAMES. */
function writeAll(format: FormatName, names: readonly string[] = NAMES): string[] {
  const dir = folder();
  return names.map((name, i) => write(dir, `${i}.eml`, made(name, format)));
}

describe('all mails at once', () => {
  it('git send-email would send each as it is', (context) => {
    needs(context, 'git', 'git send-email');
    const ascii = NAMES.filter((name) => /charset=us-ascii/.test(made(name, 'reply')));
    for (const [encoding, names] of [
      ['8bit', NAMES],
      ['7bit', ascii],
    ] as const) {
      const dir = folder();
      accepts(run('git', ['init', '-q', '.'], { cwd: dir }));
      const options = ['--dry-run', '--validate', '--confirm=never', '--suppress-cc=all'];
      const to = ['--to=nobody@example.invalid', '--smtp-server=/bin/false', `--transfer-encoding=${encoding}`];
      const files = writeAll('reply', names);
      const { out } = accepts(run('git', ['send-email', ...options, ...to, '--no-thread', ...files], { cwd: dir }));
      expect(out.match(/^Result: OK/gm)).toHaveLength(names.length);
      const threaded = /^In-Reply-To: <8424f891-271d-5c34-8f7c-ebf3e3aa6664@developer\.example\.org>$/gm;
      expect(out.match(threaded)).toHaveLength(names.length);
    }
    expect(ascii.length).toBeGreaterThan(NAMES.length / 2);
  });

  it('b4 harvests nothing from any', (context) => {
    needs(context, 'b4');
    const code = [
      'import sys, email, b4',
      'for path in sys.argv[1:]:',
      "    m = b4.LoreMessage(email.message_from_binary_file(open(path, 'rb')))",
      '    assert not m.trailers, (path, [t.as_string() for t in m.trailers])',
    ].join('\n');
    accepts(run(PYTHON, ['-c', code, ...writeAll('reply')]));
  });

  it('mutt shows the very text of each', (context) => {
    needs(context, 'mutt and script');
    const dir = folder();
    // The mailbox of all: what separates messages is in each of them.
    const box = write(dir, 'box', NAMES.map((name) => made(name, 'mbox')).join(''));
    const pipe = write(dir, 'pipe', '#!/bin/sh\nn=$(ls out-* 2>/dev/null | wc -l)\ncat > "out-$(printf %03d "$n")"\n');
    const rc = [
      'set pipe_decode=yes',
      'set pipe_split=yes',
      'set pipe_sep=""',
      'set wait_key=no',
      'set quit=yes',
      'set record=""',
      `set folder=${dir}`,
      'set weed=no',
      'set sort=mailbox-order',
      'set charset=utf-8',
      '',
    ];
    const keys = `push "<tag-pattern>~A<enter><tag-prefix><pipe-message>sh ${pipe}<enter><exit>"`;
    const command = `mutt -n -F ${write(dir, 'rc', rc.join('\n'))} -R -f ${box} -e '${keys}'`;
    accepts(run('script', ['-qec', command, '/dev/null'], { cwd: dir }));
    const shown = readdirSync(dir)
      .filter((name) => name.startsWith('out-'))
      .sort()
      // mutt reads mailboxes as mboxo: it does not take the ">" off again.
      .map((name) => bodyOf(readFileSync(join(dir, name), 'utf8')).replace(/^>(>*From )/gm, '$1'));
    expect(shown).toEqual(NAMES.map((name) => bodyOf(made(name, 'reply'))));
  });
});

describe('a thread with a patch and our answer', () => {
  it('b4 am takes the patch and leaves the answer out of it', (context) => {
    needs(context, 'git', 'b4');
    const tree = folder();
    const git = (...args: readonly string[]) => accepts(run('git', args, { cwd: tree }));
    git('init', '-q', '.');
    write(tree, 'x', 'a\n');
    git('add', 'x');
    git('commit', '-qm', 'base');
    write(tree, 'x', 'b\n');
    const signed = `Signed-off-by: ${AUTHOR.name} <${AUTHOR.email}>\n`;
    const log = `mm/gup: take one pin per subpage for huge pages\n\n${made(NAMES[0] ?? '', 'changelog')}\n${signed}`;
    git('commit', '-qaF', write(folder(), 'log', log));
    git('notes', 'add', '-F', write(folder(), 'notes', made(NAMES[0] ?? '', 'cover')));
    git('format-patch', '-1', '--notes', '--base=HEAD~1', '-o', 'out');
    const [patchName = ''] = readdirSync(join(tree, 'out'));
    const patch = readFileSync(join(tree, 'out', patchName), 'utf8').replace(/^From .*\n/, '');
    const posted = patch.replace('\n\n', '\nMessage-ID: <p1@developer.example.org>\n\n');
    const answer = made(NAMES[0] ?? '', 'reply')
      .replace(/^In-Reply-To: .*$/m, 'In-Reply-To: <p1@developer.example.org>')
      .replace(/^References: .*(\n .*)*$/m, 'References: <p1@developer.example.org>')
      .replace(/^Subject: .*$/m, 'Subject: Re: [PATCH] mm/gup: take one pin per subpage for huge pages');
    const thread = write(folder(), 'thread.mbox', toMboxrd([posted, answer]));
    const out = folder();
    accepts(run('b4', ['--offline-mode', '-n', 'am', '-m', thread, '-o', out], { cwd: tree }));
    git('reset', '-q', '--hard', 'HEAD~1');
    const [series = ''] = readdirSync(out).filter((file) => file.endsWith('.mbx'));
    git('am', '-q', join(out, series));
    const message = git('log', '-1', '--format=%B').out;
    expect(message.trim()).toBe(log.trim());
  });
});

describe('checkpatch', () => {
  /** Lints texts as commit logs of patches: that is what checkpatch knows. One line a finding, with its file. */
  function lint(texts: Readonly<Record<string, string>>): string {
    const dir = folder();
    const files = Object.entries(texts).map(([name, text]) => {
      const patch = [
        `From: ${AUTHOR.name} <${AUTHOR.email}>`,
        'Subject: [PATCH] lint: x',
        '',
        text.trimEnd(),
        '',
        `Signed-off-by: ${AUTHOR.name} <${AUTHOR.email}>`,
        '---',
        'diff --git a/x b/x',
        '--- a/x',
        '+++ b/x',
        '@@ -1 +1 @@',
        '-a',
        '+b',
        '',
      ].join('\n');
      return write(dir, name.replace(/\W+/g, '-'), patch);
    });
    const script = join(KERNEL_TREE ?? '', 'scripts/checkpatch.pl');
    const { out } = run('perl', [script, '--no-tree', '--no-summary', '--show-types', '--terse', ...files]);
    // With several files a line of dashes names the next one.
    return out.replace(/^-+\n.*\n-+\n/gm, '');
  }

  it('has nothing to say of any changelog, cover, series or snippet, but would have of a bare hash', (context) => {
    needs(context, 'a kernel tree (linux-source, or GUPBOOK_KERNEL_TREE)');
    const texts: Record<string, string> = {};
    for (const name of NAMES) {
      for (const format of ['changelog', 'cover', 'snippet', 'series'] as const) {
        const value = REPORTS.get(name);
        if (value === undefined) throw new Error(name);
        const text = render(value, format);
        if (text.ok) texts[`${name} ${format}`] = text.text;
        // Only a failure makes a changelog.
        else expect([format, FAILING.has(name)]).toEqual(['changelog', false]);
      }
    }
    expect(lint(texts)).toBe('');
    expect(lint({ bare: 'sha256 9f86d081884c7d65' })).toContain('GIT_COMMIT_ID');
  });
});

describe.each(NAMES)('results: %s', (name) => {
  it('prove agrees with the KTAP verdict', (context) => {
    needs(context, 'prove');
    const expected = /^not ok/m.test(made(name, 'ktap')) ? 1 : 0;
    accepts(run('prove', ['-q', '-e', 'cat', write(folder(), 'x.ktap', made(name, 'ktap'))]), expected);
  });

  it('kunit.py counts what we count', (context) => {
    needs(context, 'python3', 'a kernel tree (linux-source, or GUPBOOK_KERNEL_TREE)');
    const ktap = made(name, 'ktap');
    const script = join(KERNEL_TREE ?? '', 'tools/testing/kunit/kunit.py');
    const outcome = run(PYTHON, [script, 'parse', write(folder(), 'x.ktap', ktap)]);
    const [, passed, failed, xfail, skipped] =
      /# Totals: pass:(\d+) fail:(\d+) xfail:(\d+) xpass:0 skip:(\d+)/.exec(ktap) ?? [];
    const said = outcome.out.replace(COLOURS, '');
    const [, kunitPassed = '0'] = /passed: (\d+)/.exec(said) ?? [];
    const [, kunitFailed = '0'] = /failed: (\d+)/.exec(said) ?? [];
    const [, kunitSkipped = '0'] = /skipped: (\d+)/.exec(said) ?? [];
    expect(said).not.toMatch(/errors: [1-9]|crashed: [1-9]|\[ERROR\]/);
    expect([kunitPassed, kunitFailed, kunitSkipped]).toEqual([`${Number(passed) + Number(xfail)}`, failed, skipped]);
    expect(outcome.status).toBe(failed === '0' ? 0 : 1);
  });

  it('XML parsers read the JUnit file and count what it says', (context) => {
    needs(context, 'python3');
    const code =
      'import sys, xml.etree.ElementTree as E\nr = E.parse(sys.argv[1]).getroot()\n' +
      "cases = r.findall('./testsuite/testcase')\n" +
      "assert int(r.get('tests')) == len(cases)\n" +
      "assert int(r.get('failures')) == len(r.findall('.//failure'))\n" +
      "assert int(r.get('skipped')) == len(r.findall('.//skipped'))\n" +
      "assert int(r.get('errors')) == len(r.findall('.//error'))\n";
    accepts(run(PYTHON, ['-c', code, write(folder(), 'x.xml', made(name, 'junit'))]));
  });

  it('xmllint finds the JUnit file and the SVG well-formed', (context) => {
    needs(context, 'xmllint');
    accepts(run('xmllint', ['--noout', write(folder(), 'x.xml', made(name, 'junit'))]));
    for (const svg of made(name, 'html').match(/<svg[\s\S]*?<\/svg>/g) ?? []) {
      accepts(run('xmllint', ['--noout', write(folder(), 'x.svg', svg)]));
    }
  });

  it('SPIN reaches the outcome of the failing schedule, or there is a reason why not', (context) => {
    needs(context, 'spin and a C compiler');
    const value = REPORTS.get(name);
    if (value === undefined) throw new Error(name);
    const model = render(value, 'promela');
    if (!model.ok) {
      expect(model.reason).toMatch(/^no, because /);
      return;
    }
    const dir = folder();
    accepts(run('spin', ['-a', write(dir, 'm.pml', model.text)], { cwd: dir }));
    accepts(run('cc', ['-O0', '-DSAFETY', '-w', '-o', 'pan', 'pan.c'], { cwd: dir }));
    const { out } = run(join(dir, 'pan'), ['-E', '-m1000000'], { cwd: dir });
    expect(out).toMatch(/errors: 1$/m);
    expect(out).toContain('assertion violated');
    expect(out).not.toContain('max search depth too small');
  });

  it('herd7 finds the outcome allowed, or there is a reason why not', (context) => {
    needs(context, 'herd7');
    const value = REPORTS.get(name);
    if (value === undefined) throw new Error(name);
    const test = render(value, 'litmus');
    if (!test.ok) {
      expect(test.reason).toMatch(/^no, because /);
      return;
    }
    const path = write(folder(), 'x.litmus', test.text);
    const { out } = accepts(
      run('herd7', ['-conf', 'linux-kernel.cfg', path], { cwd: process.env.GUPBOOK_MEMORY_MODEL ?? '' }),
    );
    expect(out).toMatch(/^Observation .* Sometimes/m);
  });
});

it('some scenario fails under some kernel, so that all this is about something', () => {
  expect(FAILING.size).toBeGreaterThan(3);
});
