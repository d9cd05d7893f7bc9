/** The door of the room: a report in any format, or one sentence on why not. */
import { mboxFormat } from './format/mbox.ts';
import { replyFormat } from './format/reply.ts';
import { Refusal } from './refusal.ts';
import type { Report } from './report.ts';

/** What is known of a format beside how it is made. */
export interface Format {
  readonly title: string;
  /** File name extension with its dot. */
  readonly extension: string;
  /** True for text that goes to a mailing list and is checked by lint-mail. */
  readonly mail: boolean;
  /** @throws Refusal where the report cannot be given in this format. */
  readonly make: (report: Report) => string;
}

export const FORMATS = {
  reply: { title: 'Mail (.eml)', extension: '.eml', mail: true, make: replyFormat },
  mbox: { title: 'Mailbox (mboxrd)', extension: '.mbox', mail: true, make: mboxFormat },
} satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

export type Rendered = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** A report in a format. A {@link Refusal} becomes its sentence; any other error is a fault of ours and is thrown on. */
export function render(report: Report, name: FormatName): Rendered {
  try {
    return { ok: true, text: FORMATS[name].make(report) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}
