import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Mailing } from '../../main/mailing.ts';
import { FORMATS } from '../../main/report/index.ts';
import { ALL_SECTIONS, type Report } from '../../main/report/report.ts';
import { IN_MEMORY, openStore, type Store } from '../../main/store/index.ts';
import type { MailRequest, Outcome, ReadMail } from '../../preload/contract.ts';
import { report, seedResults } from '../report/fixtures.ts';

const TEXT = '/// <reference types="gupbook" />\n\n// %% One\n';
const SHIPPED = '/// <reference types="gupbook" />\n\n// %% Shipped\n';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let store: Store;
let chosen: string | null;
let mailing: Mailing;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-mailing-'));
  store = openStore(IN_MEMORY);
  chosen = null;
  mailing = new Mailing({
    version: '0.1.0',
    store,
    dialogs: { chooseMail: async () => chosen },
    shipped: async () => [{ name: 'two-bios.lab.ts', text: SHIPPED }],
  });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A mail as another Gupbook writes it. */
function mailAbout(text: string, sha256: string, scenario: boolean, change: Partial<Report> = {}): string {
  const file = { name: 'two-bios.lab.ts', sha256, text };
  return FORMATS.reply.make(report({ file, sections: { ...ALL_SECTIONS, scenario }, ...change }));
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

async function read(text: string): Promise<ReadMail> {
  return value(await mailing.read(text));
}

describe('a mail that carries a report', () => {
  it('gives its notebook where that is the text it names', async () => {
    const mail = await read(mailAbout(TEXT, hash(TEXT), true));
    expect(mail.reports).toMatchObject([
      { notebook: 'two-bios.lab.ts', text: TEXT, replays: [{ kernel: 'pin-v5', schedule: '0x5.1x2' }] },
    ]);
    const opened = value(await mailing.notebook(mail.mailId, 0));
    expect(opened).toMatchObject({ path: null, text: TEXT, shipped: false });
    expect(store.notebook(opened.notebookId).lastText).toBe(TEXT);
  });

  it('is recognised in a quote too', async () => {
    const quoted = mailAbout(TEXT, hash(TEXT), true).replace(/^(?=.)/gm, '> ');
    const mail = await read(`From: R <r@developer.example.org>\nSubject: Re: x\n\nLook:\n${quoted}`);
    expect(mail.reports).toMatchObject([{ text: TEXT }]);
  });

  it('finds a notebook that comes with Gupbook by its SHA-256', async () => {
    const { reports } = await read(mailAbout('', hash(SHIPPED), false));
    expect(reports).toMatchObject([{ text: SHIPPED, source: 'It is two-bios.lab.ts, which comes with Gupbook.' }]);
  });

  it('does not give a text that is another one than was run', async () => {
    const mail = await read(mailAbout(`${TEXT}// changed\n`, hash(TEXT), true));
    expect(mail.reports).toMatchObject([{ text: null, source: expect.stringContaining('its SHA-256 differs') }]);
    expect(await mailing.notebook(mail.mailId, 0)).toMatchObject({ ok: false });
  });

  it('says what to do where the notebook is not at hand', async () => {
    const { reports } = await read(mailAbout('', hash(TEXT), false));
    expect(reports).toMatchObject([{ text: null, source: expect.stringContaining('ask its author for the file') }]);
  });
});

describe('a mail that is read', () => {
  it.each([
    ['', 'Paste the raw message, or its Message-ID, first.'],
    ['hello', 'That is neither a raw message nor a Message-ID (name@host).'],
    [
      'From: R <r@x.example.org>\nContent-Type: text/html\n\n<p>hi</p>\n',
      'The message is HTML only, which the lists reject: answer its plain text form (the raw link of lore has it).',
    ],
  ])('is refused in one sentence: %j', async (text, message) => {
    expect(await mailing.read(text)).toEqual({ ok: false, problem: { message } });
  });

  it('may be no more than its Message-ID', async () => {
    expect(await read(' <x.1@developer.example.org>\n')).toMatchObject({
      title: 'the message <x.1@developer.example.org>',
      lines: [],
    });
  });

  it('comes from a file with the bytes as they were sent', async () => {
    chosen = join(folder, 'm.eml');
    const bytes = Buffer.from(
      'From: =?iso-8859-1?q?J=E9r=F4me?= <j@developer.example.org>\nSubject: Re: x\n' +
        'Content-Type: text/plain; charset=iso-8859-1\n\nna\u00efve\n',
      'latin1',
    );
    writeFileSync(chosen, bytes);
    expect(value(await mailing.openDialog())).toMatchObject({
      title: 'J\u00e9r\u00f4me: Re: x',
      lines: ['na\u00efve'],
    });
    chosen = null;
    expect(value(await mailing.openDialog())).toBeNull();
  });

  it('of thirty thousand lines is read whole', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}`);
    const mail = await read(`From: R <r@x.example.org>\nSubject: x\n\n${lines.join('\n')}\n`);
    expect(mail.lines).toHaveLength(30_000);
  });
});

describe('the answer', () => {
  const request = (change: Partial<MailRequest>): MailRequest => ({
    runId: 1,
    format: 'reply',
    experiments: null,
    kernels: null,
    mailId: null,
    quote: [],
    comment: '',
    layout: 'finding',
    sections: ALL_SECTIONS,
    file: 'x.eml',
    ...change,
  });

  /** A finished run of the seed. */
  function stored(): number {
    const { notebookId } = store.openNotebook(null, TEXT);
    const budget = { states: 1000, seconds: 10 };
    const asked = { notebookId, path: null, text: TEXT, cells: null, kernels: null, budget };
    const runId = store.startRun({ ...asked, engineVersion: '1' });
    for (const result of seedResults()) store.addResult(runId, result);
    store.finishRun(runId, { state: 'finished', seconds: 1, error: null });
    return runId;
  }

  it('is about a mail that is still the one at hand', async () => {
    const first = await read('a@developer.example.org');
    await read('b@developer.example.org');
    expect(await mailing.compose(request({ runId: stored(), mailId: first.mailId }))).toEqual({
      ok: false,
      problem: { message: 'Another mail was read since: read this one again.' },
    });
  });

  it('quotes, says, reports and is checked', async () => {
    const mail = await read(
      'From: R <r@x.example.org>\nSubject: Re: x\nMessage-ID: <1@x.example.org>\n\nfirst\nsecond\n',
    );
    const asked = request({ runId: stored(), mailId: mail.mailId, quote: [1], comment: 'Yes:', layout: 'series' });
    const composed = await mailing.compose(asked);
    // Only somebody whom git knows can answer.
    if (!composed.ok) expect(composed.problem.message).toMatch(/^A mail needs a sender: set user\.name/);
    else {
      expect(composed.value.text).toContain('R wrote:\n> second\n\nYes:\n\nA model of this fails');
      expect(composed.value.text).toContain('2 experiments under 3 kernels:');
      expect(composed.value.checks.flatMap(({ findings }) => findings)).toEqual([]);
      expect(composed.value.command).toMatch(/^git send-email --dry-run .* x\.eml$/);
    }
  });
});
