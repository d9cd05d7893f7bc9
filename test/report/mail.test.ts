import { describe, expect, it } from 'vitest';
import { FORMATS, render } from '../../main/report/index.ts';
import { mailDate, parseMailDate } from '../../main/report/mail-date.ts';
import { encodeWords, formatMailbox, replySubject } from '../../main/report/mail-headers.ts';
import { splitMboxrd, toMboxrd } from '../../main/report/mboxrd.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import type { Report } from '../../main/report/report.ts';
import { report } from './fixtures.ts';

const PARENT = readMessage(
  [
    'From: John Hubbard <john@developer.example.org>',
    'To: Jan Kara <jan@developer.example.org>',
    'Cc: linux-mm@lists.example.org, Random J Developer <random@developer.example.org>,',
    ' =?UTF-8?Q?Bj=C3=B6rn?= <bjorn@developer.example.org>, JAN@developer.example.org',
    'Subject: RE: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
    'Date: Mon, 18 Nov 2019 16:22:43 -0800',
    'Message-ID: <8424f891@developer.example.org>',
    'References: <1@developer.example.org> <2@developer.example.org>',
    '',
    'On 11/18/19 3:58 AM, Jan Kara wrote:',
    '> a quoted line that is longer than all that a report writes itself, and is still left as it stands',
    '',
    'Yes, completely agreed.',
    'Will fix.',
  ].join('\n'),
);

function answering(part: Partial<Report> = {}): Report {
  return report({ parent: { kind: 'message', message: PARENT }, quote: [0, 1, 3], ...part });
}

function headers(mail: string): string[] {
  return mail.slice(0, mail.indexOf('\n\n')).split('\n');
}

function made(part: Report): string {
  return FORMATS.reply.make(part);
}

describe('the reply', () => {
  it('is threaded to the message, with one Re: and everybody kept', () => {
    const mail = headers(made(answering()));
    expect(mail).toContain('Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages');
    expect(mail).toContain('In-Reply-To: <8424f891@developer.example.org>');
    const at = mail.findIndex((line) => line.startsWith('References:'));
    expect(mail.slice(at, at + 2)).toEqual([
      'References: <1@developer.example.org> <2@developer.example.org>',
      ' <8424f891@developer.example.org>',
    ]);
    expect(mail.slice(1, 5)).toEqual([
      'To: John Hubbard <john@developer.example.org>',
      'Cc: Jan Kara <jan@developer.example.org>,',
      ' linux-mm@lists.example.org,',
      ' =?UTF-8?q?Bj=C3=B6rn?= <bjorn@developer.example.org>',
    ]);
  });

  it('quotes the chosen lines untouched and marks what was left out', () => {
    const body = made(answering()).split('\n\n').slice(1).join('\n\n');
    expect(body.split('\n').slice(0, 5)).toEqual([
      'On Mon, Nov 18, 2019 at 04:22:43PM -0800, John Hubbard wrote:',
      '> On 11/18/19 3:58 AM, Jan Kara wrote:',
      `> ${PARENT.lines[1]}`,
      '[...]',
      '> Yes, completely agreed.',
    ]);
  });

  it('threads on a Message-ID alone, and then names nobody', () => {
    const mail = made(report({ parent: { kind: 'id', messageId: 'x@developer.example.org' } }));
    expect(headers(mail)).toContain('References: <x@developer.example.org>');
    expect(mail).not.toMatch(/^(To|Cc):/m);
  });

  it('is the same bytes for the same run, and another Message-ID for another one', () => {
    expect(made(answering())).toBe(made(answering()));
    const id = (mail: string) => /^Message-ID: (.*)$/m.exec(mail)?.[1];
    expect(id(made(answering()))).not.toBe(id(made(answering({ comment: 'Hello.' }))));
    expect(id(made(answering({ messageId: 'given@developer.example.org' })))).toBe('<given@developer.example.org>');
  });

  it('is plain text in one part, not flowed; 7bit where it is ASCII, else UTF-8', () => {
    expect(made(answering())).toMatch(
      /Content-Type: text\/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n/,
    );
    const named = answering({ author: { name: 'J\u00e9r\u00f4me', email: 'j@developer.example.org' } });
    expect(made(named)).toMatch(/^From: =\?UTF-8\?q\?J=C3=A9r=C3=B4me\?= <j@developer.example.org>\n/);
    expect(made(named)).toMatch(/charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n/);
    expect(made(named)).not.toMatch(/flowed|Content-Disposition|multipart/);
  });

  it('ends in the signature, separated by dash dash space', () => {
    expect(made(answering())).toMatch(/\n\n-- \nRandom J Developer\n$/);
  });

  it.each([
    ['there is no sender', answering({ author: null }), /git config/],
    ['a quoted line does not exist', answering({ quote: [99] }), /line 100 cannot be quoted/],
    [
      'a quoted line is too long to be sent',
      answering({
        parent: { kind: 'message', message: { ...PARENT, lines: ['x'.repeat(1000)] } },
        quote: [0],
      }),
      /998 bytes/,
    ],
    [
      'code of an archive page is quoted',
      answering({
        parent: { kind: 'message', message: { ...PARENT, codeIntact: false, lines: ['>> +\treturn 0;'] } },
        quote: [0],
      }),
      /raw message/,
    ],
  ])('is refused where %s', (_, value, reason) => {
    const made = render(value, 'reply');
    expect(made.ok ? '' : made.reason).toMatch(reason);
  });
});

describe('headers', () => {
  it('encodes long names in words of at most 75 characters that no character is cut by', () => {
    const name = 'J\u00e9r\u00f4me '.repeat(12).trim();
    const words = encodeWords(name).split(' ');
    for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
    expect(readMessage(`From: ${words.join('\n ')} <j@x.example.org>\n\nx`).from?.name).toBe(name);
  });

  it('quotes names with commas', () => {
    expect(formatMailbox('Miller, D. "S"', 'd@x.example.org')).toBe('"Miller, D. \\"S\\"" <d@x.example.org>');
  });

  it("writes and reads dates without the machine's zone", () => {
    const date = { ms: Date.UTC(2019, 10, 19, 0, 22, 43), offset: -480 };
    expect(mailDate(date)).toBe('Mon, 18 Nov 2019 16:22:43 -0800');
    expect(parseMailDate(mailDate(date))).toEqual(date);
    expect(parseMailDate('18 Nov 2019 16:22 GMT')).toEqual({ ms: Date.UTC(2019, 10, 18, 16, 22), offset: 0 });
    expect(parseMailDate('yesterday')).toBeNull();
  });

  it.each(['Re: x', 'RE: re: x', 'Re[2]: x', 'AW: Re: x', 'x'])('answers "%s" as "Re: x"', (subject) => {
    expect(replySubject(subject)).toBe('Re: x');
  });
});

describe('mboxrd', () => {
  it('quotes From lines at any depth and gives them back', () => {
    const message = 'Subject: x\n\nFrom here\n>From there\n>>From beyond\n> From not\n';
    const box = toMboxrd([message, message]);
    expect(box.match(/^From /gm)).toHaveLength(2);
    expect(box).toContain('\n>From here\n>>From there\n>>>From beyond\n> From not\n\nFrom mboxrd@z');
    expect(splitMboxrd(box).map((boxed) => boxed.text)).toEqual([message, message]);
  });

  it('is how the mbox format wraps the reply', () => {
    expect(splitMboxrd(FORMATS.mbox.make(answering()))[0]?.text).toBe(made(answering()));
  });
});
