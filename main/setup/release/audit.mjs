import { root } from '../house.mjs';
import { capture, npm } from '../run.mjs';

/**
 * One line about what is known against the packages that ship. It is told and stops nothing: whether an advisory matters
 * here is for people to say, and a registry that mirrors another may know none.
 *
 * @returns {string}
 */
export function advisories() {
  const [command, ...first] = npm();
  const args = ['audit', '--omit', 'dev', '--json'];
  const { output } = capture(command, [...first, ...args], { cwd: root, timeout: 60_000 });
  return told(output);
}

/**
 * @param {string} output of npm audit --json
 * @returns {string}
 */
export function told(output) {
  /** @type {{ metadata?: { vulnerabilities?: Record<string, number> } }} */
  let report = {};
  try {
    report = JSON.parse(output);
  } catch {
    // It said nothing that can be read: as if it had no answer.
  }
  const found = report.metadata?.vulnerabilities;
  if (found === undefined) return 'Advisories: not known, this registry has none to ask for (npm audit).';
  const some = Object.entries(found).filter(([level, count]) => level !== 'total' && count > 0);
  if (some.length === 0) return 'Advisories: none against what ships (npm audit).';
  return `Advisories against what ships: ${some.map(([level, count]) => `${count} ${level}`).join(', ')}; see npm audit.`;
}
