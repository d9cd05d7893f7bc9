import { describe, expect, it } from 'vitest';
import { isRealAddress, parseAddresses } from '../../main/report/addresses.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { Refusal } from '../../main/report/refusal.ts';

const HEADERS = [
  'From: John Hubbard <john@developer.example.org>',
  'To: Jan Kara <jan@developer.example.org>',
  'Cc: =?UTF-8?Q?Bj=C3=B6rn_T=C3=B6pel?= <bjorn@developer.example.org>,',
  '\t"Miller, David S." <davem@developer.example.org>, linux-mm@lists.example.org',
  'Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
  'Date: Mon, 18 Nov 2019 16:22:43 -0800',
  'Message-ID: <8424f891@developer.example.org>',
  'References: <1@developer.example.org>',
  ' <2@developer.example.org>',
];

function message(extra: readonly string[], body: string, without = ''): string {
  const headers = HEADERS.filter((line) => without === '' || !line.startsWith(without));
  return `${[...headers, ...extra].join('\n')}\n\n${body}`;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

describe('reading the message that is answered', () => {
  it('reads people, ids, subject, date and lines of a plain message', () => {
    const read = readMessage(latin1(message([], 'On Monday\r\n> quoted\r\n\r\ntext\r\n\r\n')));
    expect(read.from).toEqual({ name: 'John Hubbard', address: 'john@developer.example.org' });
    expect(read.cc).toEqual([
      { name: 'Bj\u00f6rn T\u00f6pel', address: 'bjorn@developer.example.org' },
      { name: 'Miller, David S.', address: 'davem@developer.example.org' },
      { name: '', address: 'linux-mm@lists.example.org' },
    ]);
    expect(read.messageId).toBe('8424f891@developer.example.org');
    expect(read.references).toEqual(['1@developer.example.org', '2@developer.example.org']);
    expect(read.lines).toEqual(['On Monday', '> quoted', '', 'text']);
    expect(read.remarks).toEqual([]);
  });

  it('undoes quoted-printable, with soft line ends and UTF-8', () => {
    const extra = ['Content-Type: text/plain; charset="utf-8"', 'Content-Transfer-Encoding: quoted-printable'];
    const read = readMessage(latin1(message(extra, 'J=C3=A9r=C3=B4me says refs =3D=\n 512  \n=09tab')));
    expect(read.lines).toEqual(['J\u00e9r\u00f4me says refs = 512', '\ttab']);
  });

  it('undoes base64 with CRLF inside', () => {
    const extra = ['Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: base64'];
    const body = Buffer.from('gup_huge_pmd()\r\n\treturn 0;\r\n').toString('base64');
    expect(readMessage(latin1(message(extra, `${body.slice(0, 20)}\n${body.slice(20)}\n`))).lines).toEqual([
      'gup_huge_pmd()',
      '\treturn 0;',
    ]);
  });

  it('reads ISO-8859-1, declared or not', () => {
    const declared = message(['Content-Type: text/plain; charset=ISO-8859-1'], 'J\u00e9r\u00f4me');
    expect(readMessage(latin1(declared)).lines).toEqual(['J\u00e9r\u00f4me']);
    expect(readMessage(latin1(message([], 'J\u00e9r\u00f4me'))).lines).toEqual(['J\u00e9r\u00f4me']);
  });

  it('keeps the lines of format=flowed as they were typed', () => {
    const extra = ['Content-Type: text/plain; charset=utf-8; format=flowed'];
    const read = readMessage(latin1(message(extra, 'soft end \nnext\n From stuffed\n-- \nme')));
    expect(read.lines).toEqual(['soft end', 'next', 'From stuffed', '-- ', 'me']);
  });

  it('takes the text part of a multipart message and leaves attachments', () => {
    const extra = ['Content-Type: multipart/mixed; boundary="b 1"'];
    const body = [
      '--b 1',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>no</p>',
      '--inner',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'the text',
      '--inner--',
      '--b 1',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=x.patch',
      '',
      'attached',
      '--b 1--',
    ].join('\n');
    expect(readMessage(latin1(message(extra, body))).lines).toEqual(['the text']);
  });

  it('reads pasted text, which is decoded already', () => {
    expect(readMessage(message(['Content-Type: text/plain; charset=ISO-8859-1'], 'J\u00e9r\u00f4me')).lines).toEqual([
      'J\u00e9r\u00f4me',
    ]);
  });

  it('reads a mailbox of one message, and refuses one of two', () => {
    const one = `From mboxrd@z Thu Jan  1 00:00:00 1970\n${message([], 'text\n>From here\n')}\n`;
    expect(readMessage(one).lines).toEqual(['text', 'From here']);
    expect(() => readMessage(one + one)).toThrow('the mailbox holds 2 messages');
  });

  it.each(['Message-ID', 'Date', 'From', 'Subject'])('says what a message without %s costs', (name) => {
    const read = readMessage(message([], 'text', name));
    expect(read.remarks.join(' ')).toContain(name);
  });

  it('reads 30,000 lines', () => {
    expect(readMessage(message([], '> line\n'.repeat(30_000))).lines).toHaveLength(30_000);
  });
});

describe('refusing with one sentence', () => {
  it.each([
    ['an HTML-only message', message(['Content-Type: text/html'], '<p>hello</p>'), /HTML only/],
    ['a web page', '<!DOCTYPE html><html><body>x</body></html>', /web page/],
    ['nothing', ' \n ', /empty/],
    ['a binary file', 'From: a@b.example\0\0', /zero bytes/],
    ['prose without headers', 'Dear all,\nthis is no mail\n', /line 1 of the message is not a mail header/],
    ['headers of something else', 'Host: example.org\nAccept: all\n\nbody', /no mail/],
    ['a broken base64 body', message(['Content-Transfer-Encoding: base64'], '***'), /base64/],
    ['an unknown charset', message(['Content-Type: text/plain; charset=klingon-1'], 'x'), /klingon-1/],
    ['a message without text', message(['Content-Type: application/pdf'], 'x'), /no text part/],
  ])('%s', (_, text, reason) => {
    expect(() => readMessage(latin1(text))).toThrow(reason);
    expect(() => readMessage(latin1(text))).toThrow(Refusal);
  });

  it('a message of more than 32 MB', () => {
    expect(() => readMessage(new Uint8Array(33 * 1024 * 1024))).toThrow('32 MB');
  });
});

describe('addresses are never guessed', () => {
  const PAGE = [
    '[<prev] [next>] [thread-next>] [day] [month] [year] [list]',
    'Message-ID: <8424f891@developer.example.org>',
    'Date: Mon, 18 Nov 2019 16:22:43 -0800',
    'From: John Hubbard <jhubbard@...dia.com>',
    'To: Jan Kara <jack@...e.cz>',
    'CC: Andrew Morton <akpm@...ux-foundation.org>,',
    '"David S . Miller" <davem@...emloft.net>,',
    '<linux-mm@...ck.org>, Real Address <real@developer.example.org>',
    'Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages',
    'On 11/18/19 3:58 AM, Jan Kara wrote:',
    '>> -/**',
    'Yes, completely agreed.',
    'Powered by blists - more mailing lists',
  ].join('\n');

  it('takes ids and names of an archive page, but no address, not even one that looks real', () => {
    const read = readMessage(PAGE);
    expect(read.messageId).toBe('8424f891@developer.example.org');
    expect(read.subject).toBe('Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages');
    expect(read.from).toEqual({ name: 'John Hubbard', address: null });
    expect([...read.to, ...read.cc].map((mailbox) => mailbox.address)).toEqual([null, null, null, null, null]);
    expect(read.lines[0]).toBe('On 11/18/19 3:58 AM, Jan Kara wrote:');
    expect(read.codeIntact).toBe(false);
    expect(read.remarks).toHaveLength(2);
  });

  it.each([
    'jhubbard@...dia.com',
    'user@xxxxxxxxx',
    'user@xxx.yyy.xxx.org',
    'user at example.org',
    'a-b-c@public.gmane.org',
    'user@localhost',
    'user@\u2022example.org',
    'u s e r@example.org',
  ])('%s is no address', (text) => {
    expect(isRealAddress(text)).toBe(false);
    expect(parseAddresses(`Name <${text}>`)[0]?.address ?? null).toBeNull();
  });

  it('drops every address of a message in which one is obfuscated', () => {
    const read = readMessage(message(['Reply-To: list@...example.org'], 'text'));
    expect([read.from, ...read.cc].map((mailbox) => mailbox?.address)).toEqual([null, null, null, null]);
  });

  it('reads comments, groups and quoted commas', () => {
    expect(parseAddresses('list: a@x.example.org (A, B), "C, D" <c@x.example.org>;, e@x.example.org')).toEqual([
      { name: 'A, B', address: 'a@x.example.org' },
      { name: 'C, D', address: 'c@x.example.org' },
      { name: '', address: 'e@x.example.org' },
    ]);
  });
});
