import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../main/report/index.ts';
import { isSendable, lintMail, type Rule } from '../../main/report/lint-mail.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { report } from './fixtures.ts';

const PARENT = readMessage(
  [
    'From: John Hubbard <john@developer.example.org>',
    'Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
    'Date: Mon, 18 Nov 2019 16:22:43 -0800',
    'Message-ID: <8424f891@developer.example.org>',
    'References: <1@developer.example.org>',
    '',
    'Yes, completely agreed.',
  ].join('\n'),
);
const ANSWER = report({ parent: { kind: 'message', message: PARENT }, quote: [0] });
const MAIL = FORMATS.reply.make(ANSWER);
const MBOX = FORMATS.mbox.make(ANSWER);
const CHANGELOG = FORMATS.changelog.make(ANSWER);
const KTAP = FORMATS.ktap.make(ANSWER);

function errors(text: string): Rule[] {
  return lintMail(text)
    .findings.filter((finding) => finding.severity === 'error')
    .map((finding) => finding.rule);
}

function warnings(text: string): Rule[] {
  return lintMail(text)
    .findings.filter((finding) => finding.severity === 'warning')
    .map((finding) => finding.rule);
}

/** A mail whose body gets a line of its own. */
function withLine(line: string): string {
  return MAIL.replace('\nReplay\n', `\n${line}\n\nReplay\n`);
}

describe('what reports are made of', () => {
  it.each([
    ['reply', MAIL, 'mail'],
    ['mbox', MBOX, 'mbox'],
    ['changelog', CHANGELOG, 'text'],
    ['cover', FORMATS.cover.make(ANSWER), 'text'],
    ['snippet', FORMATS.snippet.make(ANSWER), 'text'],
    ['ktap', KTAP, 'ktap'],
  ])('%s has no finding', (_, text, kind) => {
    expect(lintMail(text)).toEqual({ kind, findings: [] });
    expect(isSendable(lintMail(text))).toBe(true);
  });
});

describe('the eight faults that outside judges turned red at', () => {
  it('format=flowed', () => {
    expect(errors(MAIL.replace('charset=us-ascii', 'charset=us-ascii; format=flowed'))).toEqual(['flowed']);
  });

  it('a line that b4 takes for a trailer', () => {
    expect(errors(withLine('Contact: Random J Developer <r@developer.example.org>'))).toEqual(['trailer']);
    expect(errors(withLine('  Fixes: 0123456789ab ("x")'))).toEqual(['trailer']);
  });

  it('mangled References', () => {
    expect(
      errors(MAIL.replace('References: <1@developer.example.org>', 'References: 1@developer.example.org>')),
    ).toEqual(['threading']);
    expect(
      errors(MAIL.replace(' <8424f891@developer.example.org>\nUser', ' <other@developer.example.org>\nUser')),
    ).toEqual(['threading']);
  });

  it('an unescaped "From here" in a mailbox', () => {
    expect(errors(MBOX.replace('\nReplay\n', '\nFrom here on\n\nReplay\n'))).toEqual(['mbox']);
    expect(errors(MBOX.replace('\nReplay\n', '\n>From here on\n\nReplay\n'))).toEqual([]);
  });

  it('a bare --- in the body', () => {
    expect(errors(withLine('---'))).toEqual(['column-0']);
  });

  it('a bare hash', () => {
    expect(errors(withLine('  notebook   sha256 9f86d081884c7d65'))).toEqual(['hex-word']);
    expect(errors(`${CHANGELOG}\nsha256 9f86d081884c7d65\n`)).toEqual(['hex-word']);
  });

  it('a line "--- x" in a changelog', () => {
    expect(errors(`${CHANGELOG}\n--- x\n\nmore\n`)).toEqual(['column-0']);
  });

  it('a KTAP plan that promises more than follows', () => {
    expect(errors(KTAP.replace('  1..3\n', '  1..4\n'))).toEqual(['ktap']);
    expect(errors(withLine(`  ${KTAP.replace('  1..3\n', '  1..4\n').trimEnd().replace(/\n/g, '\n  ')}`))).toEqual([
      'ktap',
    ]);
  });
});

describe('headers', () => {
  it.each<[string, string, Rule]>([
    ['HTML', MAIL.replace('text/plain', 'text/html'), 'content-type'],
    [
      'several parts',
      MAIL.replace('text/plain; charset=us-ascii', 'multipart/alternative; boundary=x'),
      'content-type',
    ],
    ['8-bit text without charset', withLine('J\u00e9r\u00f4me'), 'charset'],
    ['a second Subject', MAIL.replace('\nDate:', '\nSubject: x\nDate:'), 'headers'],
    ['no Message-ID', MAIL.replace(/\nMessage-ID: .*/, ''), 'headers'],
    ['In-Reply-To alone', MAIL.replace(/\nReferences: .*(\n .*)*/, ''), 'threading'],
    ['a line that is no header', MAIL.replace('\nDate:', '\noops\nDate:'), 'headers'],
    [
      'an obfuscated address',
      MAIL.replace('john@developer.example.org', 'john@...loper.example.org'),
      'obfuscated-address',
    ],
    ['an attachment', MAIL.replace('\nMIME', '\nContent-Disposition: attachment\nMIME'), 'content-type'],
  ])('%s is an error', (_, text, rule) => {
    expect(errors(text)).toContain(rule);
  });

  it.each<[string, string, Rule]>([
    ['quoted-printable', MAIL.replace('7bit', 'quoted-printable'), 'transfer-encoding'],
    ['two Re:', MAIL.replace('Subject: Re:', 'Subject: Re: Re:'), 'subject'],
    ['ISO-8859-1', MAIL.replace('us-ascii', 'iso-8859-1'), 'charset'],
  ])('%s is a warning', (_, text, rule) => {
    expect(errors(text)).toEqual([]);
    expect(warnings(text)).toContain(rule);
  });
});

describe('text', () => {
  it.each<[string, string, Rule]>([
    ['a diff', 'diff --git a/x b/x', 'column-0'],
    ['a rule of dashes', '----------', 'column-0'],
    ['scissors', '-- >8 --', 'column-0'],
    ['a direction character', 'x \u202e y', 'control-character'],
    ['a line of 1000 bytes', 'x'.repeat(1000), 'long-line'],
    ['a commit without title', 'since commit 0123456789ab it fails', 'hex-word'],
    ['a placeholder', '*** BLURB HERE ***', 'placeholder'],
  ])('%s is an error', (_, line, rule) => {
    expect(errors(withLine(line))).toContain(rule);
  });

  it.each<[string, string, Rule]>([
    ['a long line', 'word '.repeat(20).trim(), 'width'],
    ['a tab after text', 'a\tb', 'tab'],
    ['a blank at the end', 'text ', 'trailing-blank'],
    ['a comment line', '# hello', 'column-0'],
    ['another archive', 'see https://marc.info/?l=linux-mm', 'link'],
    ['Markdown', 'this is **bold** text', 'markup'],
    ['a footer', 'This mail is confidential and for the intended recipient only.', 'footer'],
    ['a signature mark without its blank', '--', 'signature'],
    ["a tag that is somebody's to give", 'Tested-by: R <r@developer.example.org>', 'trailer'],
  ])('%s is a warning', (_, line, rule) => {
    expect(errors(withLine(line))).toEqual([]);
    expect(warnings(withLine(line))).toContain(rule);
  });

  it.each([
    [
      'a quoted line',
      '> Fixes: 0123456789ab and a quoted line that goes on well beyond all the columns that are allowed',
    ],
    ['a suggestion', '| Reported-by: R <r@developer.example.org>'],
    ['a link', 'https://lore.kernel.org/all/20191118115829.GJ17319@quack2.suse.cz/ and some more text behind it'],
    ['a commit with its title', 'commit 0123456789ab ("mm/gup: track FOLL_PIN pages") did it'],
    ['a trailer with a link', 'Closes: https://lore.kernel.org/all/x@developer.example.org/'],
  ])('%s is fine', (_, line) => {
    expect(errors(withLine(line))).toEqual([]);
    expect(warnings(withLine(line))).toEqual([]);
  });

  it('says where: line numbers are those of the file', () => {
    const text = withLine('---');
    expect(lintMail(text).findings[0]?.line).toBe(text.split('\n').indexOf('---') + 1);
    const boxed = MBOX.replace('\nReplay\n', '\n---\n\nReplay\n');
    expect(lintMail(boxed).findings[0]?.line).toBe(boxed.split('\n').indexOf('---') + 1);
  });

  it('a stack dump may be wide', () => {
    expect(
      warnings(
        `${CHANGELOG}\n  WARNING: CPU: 0 PID: 1 at mm/gup.c:1 a line that nobody must wrap, long as it may be\n`,
      ),
    ).toEqual([]);
  });

  it('an answer above a whole quote is top-posting', () => {
    const quote = Array.from({ length: 10 }, (_, i) => `> line ${i}`).join('\n');
    expect(
      warnings(`Subject: Re: x\nFrom: a@x.example.org\nMessage-ID: <1@x>\n\nNo.\n\nOn Monday, A wrote:\n${quote}\n`),
    ).toContain('top-posting');
  });

  it('a changelog wants whole Fixes: lines and may have tags', () => {
    expect(errors(`${CHANGELOG}\nFixes: 54a4f02 ("KVM")\n`)).toEqual(['trailer']);
    expect(
      errors(`${CHANGELOG}\nFixes: 54a4f0239f2e ("KVM: MMU: make it")\nSigned-off-by: R <r@developer.example.org>\n`),
    ).toEqual([]);
  });

  it('a patch is checked up to its --- line', () => {
    const patch = [
      'From: R <r@developer.example.org>',
      'Subject: [PATCH] mm/gup: x',
      'Message-ID: <1@developer.example.org>',
      '',
      'Take refs.',
      '',
      'Signed-off-by: R <r@developer.example.org>',
      '---',
      'diff --git a/x b/x',
      '',
    ].join('\n');
    expect(errors(patch)).toEqual([]);
  });

  it('reads quoted-printable before it judges', () => {
    const mail =
      'Subject: x\nFrom: a@x.example.org\nMessage-ID: <1@x>\n' +
      'Content-Transfer-Encoding: quoted-printable\n\nrefs =3D 1\n=2D--\n';
    expect(errors(mail)).toEqual(['column-0']);
  });

  it('an empty file is no mail', () => {
    expect(errors('')).toEqual(['headers']);
  });
});

describe('KTAP', () => {
  it.each([
    ['a gap in the numbers', 'KTAP version 1\n1..2\nok 1 a\nok 3 b\n'],
    ['not ok with XFAIL', 'KTAP version 1\n1..1\nnot ok 1 a # XFAIL x\n'],
    ['a # without blanks', 'KTAP version 1\n1..1\nok 1 a#b\n'],
    ['version 2', 'KTAP version 2\n1..1\nok 1 a\n'],
  ])('%s', (_, text) => {
    expect(errors(text)).toContain('ktap');
  });

  it('counts each level for itself', () => {
    expect(errors('KTAP version 1\n1..1\n  KTAP version 1\n  1..2\n  ok 1 a\n  ok 2 b\nok 1 x\n')).toEqual([]);
  });
});
