/** `mbox`: the mail in a mailbox (mboxrd), for `mutt -f`, `git send-email` and b4. */
import { mailOf } from '../mail.ts';
import { toMboxrd } from '../mboxrd.ts';
import type { Report } from '../report.ts';

export function mboxFormat(report: Report): string {
  return toMboxrd([mailOf(report)]);
}
