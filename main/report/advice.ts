/** What the author of a report should know before it is sent, a sentence each. Shown beside the report, never in it. */
import type { FormatName } from './index.ts';
import { shellWord } from './replay-block.ts';
import type { Report } from './report.ts';

/** A check or event whose breaking means that freed memory is used. */
const USE_AFTER_FREE = /\bfree\b|\bfreed\b|free list|use.after.free/i;

function isUseAfterFree(report: Report): boolean {
  return report.results.some((result) =>
    result.failures.some((failure) => failure.check.startsWith('I1') || USE_AFTER_FREE.test(failure.message)),
  );
}

/** True where the mail has somebody to go to. */
function hasRecipient(report: Report): boolean {
  const message = report.parent?.kind === 'message' ? report.parent.message : null;
  return [message?.from, ...(message?.to ?? []), ...(message?.cc ?? [])].some((box) => box?.address != null);
}

/** Reminders for a report in some format: what to look at, what to do where no address is known. */
export function advice(report: Report, format: FormatName): string[] {
  const lines: string[] = [];
  if (isUseAfterFree(report)) {
    lines.push(
      'A use after free that users can reach goes to the maintainers first: Documentation/process/security-bugs.rst.',
    );
  }
  if (format !== 'reply' && format !== 'mbox') return lines;
  const message = report.parent?.kind === 'message' ? report.parent.message : null;
  lines.push(...(message?.remarks ?? []));
  if (report.parent?.kind === 'id') {
    lines.push('Only the Message-ID is known: take subject and recipients from the message itself.');
  }
  if (!hasRecipient(report)) lines.push('The mail has no recipients yet: scripts/get_maintainer.pl names them.');
  return lines;
}

/** The command that tries to send a mail saved as `file`. Nothing here sends. */
export function sendCommand(report: Report, file: string): string {
  const to = hasRecipient(report) ? '' : ' --to=...';
  return `git send-email --dry-run --validate --suppress-cc=all --transfer-encoding=8bit${to} ${shellWord(file)}`;
}
