/** `reply`: a mail as one .eml file, threaded to what it answers. */
import { mailOf } from '../mail.ts';
import type { Report } from '../report.ts';

export function replyFormat(report: Report): string {
  return mailOf(report);
}
