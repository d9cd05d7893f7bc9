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

/**
 * Reminders for a report in a format that is about to be saved as `file`: what to look at, which command tries the
 * sending (nothing here sends), what to do where no address is known.
 */
export function advice(report: Report, format: FormatName, file: string): string[] {
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
  const known = [message?.from, ...(message?.to ?? []), ...(message?.cc ?? [])].some((box) => box?.address != null);
  const to = known ? '' : ' --to=...';
  if (!known) lines.push('The mail has no recipients yet: scripts/get_maintainer.pl names them.');
  lines.push(
    'Nothing is sent here. To try it: git send-email --dry-run --validate --suppress-cc=all ' +
      `--transfer-encoding=8bit${to} ${shellWord(file)}`,
  );
  return lines;
}
