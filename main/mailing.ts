/** The window's mails: reading the one that is answered, writing the answer, opening the notebook that one carries. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ComposedMail, MailedReport, MailRequest, OpenNotebook, Outcome, ReadMail } from '../preload/contract.ts';
import { fileTrouble } from './lab/file-trouble.ts';
import type { Dialogs } from './notebooks.ts';
import { fine, problem } from './problem.ts';
import { advice, sendCommand } from './report/advice.ts';
import { localDate, parentOf } from './report/gather.ts';
import { render } from './report/index.ts';
import { checkList } from './report/lint-finding.ts';
import { lintMail } from './report/lint-mail.ts';
import { readMessage } from './report/raw-message.ts';
import { type ReadReport, readReports } from './report/read-report.ts';
import { Refusal } from './report/refusal.ts';
import type { Parent, Report } from './report/report.ts';
import { reportOfRun } from './reporting.ts';
import type { Store } from './store/index.ts';

export interface MailingParts {
  readonly version: string;
  readonly store: Store;
  readonly dialogs: Pick<Dialogs, 'chooseMail'>;
  /** Texts of the shipped notebooks: a mail about one of them need not carry it. */
  readonly shipped: () => Promise<readonly { readonly name: string; readonly text: string }[]>;
}

interface KnownMail {
  readonly mailId: number;
  readonly parent: Parent;
  readonly reports: readonly MailedReport[];
}

export class Mailing {
  readonly #parts: MailingParts;
  #count = 0;
  #known: KnownMail | null = null;
  #asked: { readonly key: string; readonly report: Report } | null = null;

  constructor(parts: MailingParts) {
    this.#parts = parts;
  }

  /** A raw message that was pasted, or a Message-ID. */
  async read(text: string): Promise<Outcome<ReadMail>> {
    return refusable(async () => {
      const parent = parentOf(text);
      if (parent === null) throw new Refusal('paste the raw message, or its Message-ID, first');
      if (parent.kind === 'id' && !/^[^\s@<>]+@[^\s@<>]+$/.test(parent.messageId)) {
        throw new Refusal('that is neither a raw message nor a Message-ID (name@host)');
      }
      return this.#keep(parent);
    });
  }

  async openDialog(): Promise<Outcome<ReadMail | null>> {
    const path = await this.#parts.dialogs.chooseMail();
    if (path === null) return fine(null);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw fileTrouble('read', basename(path), error);
    });
    return refusable(() => this.#keep({ kind: 'message', message: readMessage(bytes) }));
  }

  /** The answer as it will be, and what the check list says of it. */
  compose(request: MailRequest): Promise<Outcome<ComposedMail>> {
    return refusable(async () => {
      const { mailId, format, quote, comment, layout, sections, file } = request;
      const parent = mailId === null ? null : this.#mail(mailId).parent;
      const run = await this.#report(request, parent);
      const report = {
        ...run,
        date: localDate(Date.now()),
        quote,
        layout,
        sections,
        comment: comment.trim() === '' ? null : comment,
      };
      const rendered = render(report, format);
      if (!rendered.ok) throw new Refusal(rendered.reason);
      const { text } = rendered;
      return {
        text,
        checks: checkList(lintMail(text).findings),
        advice: advice(report, format),
        command: sendCommand(report, file),
      };
    });
  }

  /** The notebook of a report that the mail carries, as one that was never saved. */
  notebook(mailId: number, index: number): Promise<Outcome<OpenNotebook>> {
    return refusable(() => {
      const text = this.#mail(mailId).reports[index]?.text ?? null;
      if (text === null) throw new Refusal('the mail does not carry its notebook');
      const { notebookId, recovered } = this.#parts.store.openNotebook(null, text);
      return { path: null, text, notebookId, shipped: false, recovered };
    });
  }

  /** The run, read once while somebody writes about it; again without an author, whom git may know by then. */
  async #report(request: MailRequest, parent: Parent | null): Promise<Report> {
    const { runId, experiments, kernels, mailId } = request;
    const key = JSON.stringify([runId, experiments, kernels, mailId]);
    if (this.#asked?.key === key && this.#asked.report.author !== null) return this.#asked.report;
    const report = await reportOfRun(this.#parts.store, this.#parts.version, request, parent);
    this.#asked = { key, report };
    return report;
  }

  #mail(mailId: number): KnownMail {
    if (this.#known?.mailId !== mailId) throw new Refusal('another mail was read since: read this one again');
    return this.#known;
  }

  async #keep(parent: Parent): Promise<ReadMail> {
    const message = parent.kind === 'message' ? parent.message : null;
    const shipped = new Map((await this.#parts.shipped()).map(({ name, text }) => [sha256(text), { name, text }]));
    const reports = readReports(message?.lines ?? []).map((report) => mailed(report, shipped));
    this.#count++;
    this.#known = { mailId: this.#count, parent, reports };
    const who = message?.from?.name ?? '';
    const from = who !== '' ? who : (message?.from?.address ?? 'somebody');
    return {
      mailId: this.#count,
      title: parent.kind === 'id' ? `the message <${parent.messageId}>` : `${from}: ${parent.message.subject}`,
      lines: message?.lines ?? [],
      remarks: message?.remarks ?? [],
      reports,
    };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The notebook that a report speaks of, from the mail or shipped; only the very same text counts. */
function mailed(
  { tool, notebook, sha256: wanted, replays, text }: ReadReport,
  shipped: ReadonlyMap<string, { readonly name: string; readonly text: string }>,
): MailedReport {
  const base = { tool, notebook, sha256: wanted, replays };
  if (text !== null && sha256(text).startsWith(wanted)) {
    return { ...base, text, source: 'The mail carries it, with the SHA-256 that the report names.' };
  }
  for (const [hash, known] of shipped) {
    if (!hash.startsWith(wanted)) continue;
    return { ...base, text: known.text, source: `It is ${known.name}, which comes with Gupbook.` };
  }
  const source =
    text === null
      ? 'The mail does not carry it, and it is none of those that come with Gupbook: ask its author for the file.'
      : 'The text in the mail is not the one that was run: its SHA-256 differs. Ask its author for the file.';
  return { ...base, text: null, source };
}

/** A refusal is a problem for people; anything else is a fault of ours. */
async function refusable<T>(make: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return fine(await make());
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return problem(`${thrown.message.charAt(0).toUpperCase()}${thrown.message.slice(1)}.`.replace(/\.\.$/, '.'));
  }
}
