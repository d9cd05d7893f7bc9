/** From results to a {@link Report}: what the window's reports and those of the command line have in common. */
import { KERNELS } from '../engine/kernels/index.ts';
import { readMessage } from './raw-message.ts';
import { ALL_SECTIONS, type MailDate, type Parent, type Report } from './report.ts';

/** What the model leaves out, said in every report. */
const NOT_MODELLED = ['weak memory ordering', 'time', 'caches', 'page contents beyond a version', 'memory cgroups'];

/** What differs from report to report; the rest is chosen later or never. */
export type ReportParts = Pick<Report, 'file' | 'results' | 'bounds' | 'author' | 'parent' | 'date'> & {
  readonly version: string;
  readonly engineVersion: string;
};

export function reportOf({ version, engineVersion, ...parts }: ReportParts): Report {
  return {
    ...parts,
    tool: { name: 'Gupbook', version, engineVersion },
    chosen: null,
    kernelTitles: Object.fromEntries(KERNELS.map(({ id, title }) => [id, title])),
    notModelled: NOT_MODELLED,
    ranOnKernel: null,
    quote: [],
    comment: null,
    subject: null,
    messageId: null,
    sections: ALL_SECTIONS,
    layout: 'finding',
  };
}

/** What a report answers, from a raw message, which has lines, or a Message-ID, which is one word. */
export function parentOf(text: string | null): Parent | null {
  if (text === null || text.trim() === '') return null;
  if (/\s/.test(text.trim())) return { kind: 'message', message: readMessage(text) };
  return { kind: 'id', messageId: text.trim().replace(/^<|>$/g, '') };
}

/** An instant as this machine's clock on the wall shows it. */
export function localDate(ms: number): MailDate {
  return { ms, offset: -new Date(ms).getTimezoneOffset() };
}
