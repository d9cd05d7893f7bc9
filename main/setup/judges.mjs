import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installOptional } from './debian.mjs';
import { capture, hasProgram } from './run.mjs';
import { say } from './say.mjs';

/**
 * The tools of other people that judge our reports in test/report/judges.test.ts: Debian's name, and whether it is here.
 *
 * @type {readonly (readonly [string, () => boolean])[]}
 */
const judges = [
  ['git', () => hasProgram('git')],
  ['git-email', () => existsSync(join(capture('git', ['--exec-path']).output.trim(), 'git-send-email'))],
  ['libmailtools-perl', () => capture('perl', ['-MMail::Address', '-e', '1']).status === 0],
  ['b4', () => hasProgram('b4')],
  ['mutt', () => hasProgram('mutt')],
  ['procmail', () => hasProgram('formail')],
  ['spin', () => hasProgram('spin')],
  ['gcc', () => hasProgram('cc')],
  ['libxml2-utils', () => hasProgram('xmllint')],
  ['linux-source', hasKernelTree],
];

/** Where checkpatch.pl and kunit.py come from: a tree that is named, or Debian's package of the sources. */
function hasKernelTree() {
  if (process.env.GUPBOOK_KERNEL_TREE !== undefined) return true;
  if (!existsSync('/usr/src')) return false;
  return readdirSync('/usr/src').some((name) => /^linux-source-.*\.tar\.xz$/.test(name));
}

/**
 * Installs the judges that are missing, where that can be done without a question. Their tests skip otherwise, and say
 * which one is missing. GUPBOOK_JUDGES=no leaves the system as it is.
 *
 * @param {readonly string[]} filters of the test run: judges are only needed for the reports
 */
export function ensureJudges(filters) {
  if (process.env.GUPBOOK_JUDGES === 'no') return;
  if (filters.length > 0 && !filters.some((filter) => filter.includes('report') || filter.includes('judge'))) return;
  const missing = judges.filter(([, isHere]) => !isHere()).map(([name]) => name);
  if (missing.length === 0) return;
  const problem = installOptional(missing, 'Outside judges of our reports are missing');
  if (problem !== null) say(`${problem}; the tests that need ${missing.join(', ')} are skipped.`);
}
