/**
 * `junit`: JUnit XML for CI systems: a suite an experiment, a case a kernel. An expected failure passes and says so in
 * its output; a search that was cut off is an error, never a pass.
 */
import type { ExperimentResult } from '../../engine/result.ts';
import { plain } from '../columns.ts';
import { escapeMarkup } from '../markup.ts';
import { standing } from '../prose.ts';
import { experimentsOf, type Report } from '../report.ts';

interface Case {
  readonly kind: 'passed' | 'failure' | 'skipped' | 'error';
  readonly xml: string;
}

function element(kind: 'failure' | 'error', message: string, text: string): string {
  return `      <${kind} message="${escapeMarkup(plain(message))}">${escapeMarkup(text)}</${kind}>\n`;
}

function details(result: ExperimentResult): string {
  return result.failures
    .map((failure) => `${plain(failure.check)}: ${plain(failure.message)}\nschedule ${failure.trace.schedule}`)
    .join('\n');
}

function inner(result: ExperimentResult): { kind: Case['kind']; body: string } {
  const expected = result.expected ?? 'pass';
  const first = result.failures[0];
  switch (standing(result)) {
    case 'fails': {
      if (expected === 'fail') {
        const said = `expected failure\n${details(result)}`;
        return { kind: 'passed', body: `      <system-out>${escapeMarkup(said)}</system-out>\n` };
      }
      return { kind: 'failure', body: element('failure', first?.message ?? 'fails', details(result)) };
    }
    case 'passes':
      return result.asExpected
        ? { kind: 'passed', body: '' }
        : { kind: 'failure', body: element('failure', `expected ${expected}, found pass`, '') };
    case 'unfinished':
      return { kind: 'error', body: element('error', `inconclusive: cut off by ${result.limit ?? 'its budget'}`, '') };
    case 'not-applicable':
      return result.asExpected
        ? { kind: 'skipped', body: '      <skipped message="the kernel lacks the function"/>\n' }
        : { kind: 'failure', body: element('failure', `expected ${expected}, found not-applicable`, '') };
    default:
      return {
        kind: 'error',
        body: element('error', result.error?.message ?? 'script error', result.error?.stack ?? ''),
      };
  }
}

function caseOf(result: ExperimentResult): Case {
  const { kind, body } = inner(result);
  const name = escapeMarkup(plain(result.kernel));
  const suite = escapeMarkup(plain(result.experiment));
  const open = `    <testcase name="${name}" classname="${suite}" time="${result.seconds.toFixed(3)}"`;
  return { kind, xml: body === '' ? `${open}/>\n` : `${open}>\n${body}    </testcase>\n` };
}

function totals(cases: readonly Case[]): string {
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  const failures = `failures="${count('failure')}" skipped="${count('skipped')}" errors="${count('error')}"`;
  return `tests="${cases.length}" ${failures}`;
}

export function junitFormat(report: Report): string {
  const suites = experimentsOf(report).map((experiment) => ({
    name: escapeMarkup(plain(experiment)),
    cases: report.results.filter((result) => result.experiment === experiment).map(caseOf),
  }));
  const all = suites.flatMap((suite) => suite.cases);
  const body = suites
    .map(
      (suite) =>
        `  <testsuite name="${suite.name}" ${totals(suite.cases)}>\n` +
        `${suite.cases.map((one) => one.xml).join('')}  </testsuite>\n`,
    )
    .join('');
  const name = escapeMarkup(plain(report.file.name));
  return `<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="${name}" ${totals(all)}>\n${body}</testsuites>\n`;
}
