/** The door of the room: a report in any format, or one sentence on why not. */
import { changelogFormat } from './format/changelog.ts';
import { coverFormat } from './format/cover.ts';
import { htmlFormat } from './format/html.ts';
import { jsonFormat } from './format/json.ts';
import { junitFormat } from './format/junit.ts';
import { ktapFormat } from './format/ktap.ts';
import { litmusFormat } from './format/litmus.ts';
import { markdownFormat } from './format/markdown.ts';
import { mboxFormat } from './format/mbox.ts';
import { promelaFormat } from './format/promela.ts';
import { replyFormat } from './format/reply.ts';
import { seriesFormat } from './format/series.ts';
import { snippetFormat } from './format/snippet.ts';
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
  snippet: { title: 'Inline snippet', extension: '.txt', mail: true, make: snippetFormat },
  reply: { title: 'Mail (.eml)', extension: '.eml', mail: true, make: replyFormat },
  mbox: { title: 'Mailbox (mboxrd)', extension: '.mbox', mail: true, make: mboxFormat },
  cover: { title: 'Notes for below --- or a cover letter', extension: '.txt', mail: true, make: coverFormat },
  series: { title: 'Whole series, as text', extension: '.txt', mail: true, make: seriesFormat },
  changelog: { title: 'Changelog paragraph', extension: '.txt', mail: true, make: changelogFormat },
  ktap: { title: 'KTAP version 1', extension: '.ktap', mail: false, make: ktapFormat },
  junit: { title: 'JUnit XML', extension: '.xml', mail: false, make: junitFormat },
  markdown: { title: 'Markdown, for archives', extension: '.md', mail: false, make: markdownFormat },
  html: { title: 'HTML page, for archives', extension: '.html', mail: false, make: htmlFormat },
  json: { title: 'JSON', extension: '.json', mail: false, make: jsonFormat },
  litmus: { title: 'C litmus test for herd7', extension: '.litmus', mail: false, make: litmusFormat },
  promela: { title: 'Promela model for Spin', extension: '.pml', mail: false, make: promelaFormat },
} satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

export type Rendered = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** A report in a format. A {@link Refusal} becomes its sentence; any other error is a fault of ours, and thrown on. */
export function render(report: Report, name: FormatName): Rendered {
  try {
    return { ok: true, text: FORMATS[name].make(report) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}
