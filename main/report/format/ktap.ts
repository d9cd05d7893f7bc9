/**
 * `ktap`: KTAP version 1 as kunit.py and prove read it: a subtest an experiment, a result a kernel. An expected failure
 * is `ok ... # XFAIL` (kunit.py counts `not ok ... # XFAIL` as a failure), what is not modelled, or breaks something
 * while no verdict is expected, is a SKIP.
 */
import type { ExperimentResult } from '../../engine/result.ts';
import { plain } from '../columns.ts';
import { countOf, standing } from '../prose.ts';
import { HASH_DIGITS } from '../replay-block.ts';
import { experimentsOf, type Report } from '../report.ts';

interface Line {
  readonly ok: boolean;
  readonly skipped: boolean;
  readonly name: string;
  /** After `# `; '' for none. */
  readonly directive: string;
  /** Diagnostics before the result, without `# `. */
  readonly notes: readonly string[];
}

/** A test name: no `#`, which would begin a directive, and not empty. */
function named(text: string): string {
  return plain(text.replace(/#/g, ' ')) || 'unnamed';
}

function failureNotes(result: ExperimentResult): string[] {
  return result.failures.flatMap((failure) => [
    `check ${plain(failure.check)}`,
    `message ${plain(failure.message)}`,
    `steps ${failure.failingStep + 1}`,
    `schedule ${plain(failure.trace.schedule)}`,
  ]);
}

function lineOf(result: ExperimentResult): Line {
  const explored = `explored ${countOf(result.states, 'state')} complete=${result.exhaustive ? 'yes' : 'no'}`;
  const base = { name: named(result.kernel), skipped: false, notes: [explored] };
  const failed = plain(result.failures[0]?.check ?? '').replace(/#/g, ' ');
  const expected = result.expected ?? 'pass';
  switch (standing(result)) {
    case 'fails': {
      const notes = [explored, ...failureNotes(result)];
      if (expected === 'fail') return { ...base, ok: true, directive: `XFAIL ${failed}`, notes };
      // `run` exits with 0 then, and this must not say otherwise: nobody has said which verdict is right.
      if (result.expected === null)
        return { ...base, ok: true, skipped: true, directive: `SKIP no verdict is expected; breaks ${failed}`, notes };
      return { ...base, ok: false, directive: '', notes };
    }
    case 'passes':
      return expected === 'pass' || result.expected === null || result.asExpected
        ? { ...base, ok: true, directive: '' }
        : { ...base, ok: false, directive: '', notes: [explored, `expected ${expected}, found pass`] };
    case 'unfinished':
      return { ...base, ok: false, directive: `TIMEOUT search cut off by ${result.limit ?? 'its budget'}` };
    case 'not-applicable':
      return { ...base, ok: result.asExpected, skipped: true, directive: 'SKIP the kernel lacks the function' };
    default:
      return {
        ...base,
        ok: false,
        directive: `ERROR ${plain(result.error?.message ?? 'script error').replace(/#/g, ' ')}`,
      };
  }
}

function render(lines: readonly Line[], indent: string): string[] {
  return lines.flatMap((line, i) => [
    ...line.notes.map((note) => `${indent}# ${note}`),
    `${indent}${line.ok ? 'ok' : 'not ok'} ${i + 1} ${line.name}${line.directive === '' ? '' : ` # ${line.directive}`}`,
  ]);
}

/** A nested block with its parent's result line. */
function subtest(name: string, lines: readonly Line[], number: number): { text: string[]; ok: boolean } {
  const ok = lines.every((line) => line.ok);
  const skip = lines.every((line) => line.skipped);
  return {
    ok,
    text: [
      '  KTAP version 1',
      `  # Subtest: ${name}`,
      `  1..${lines.length}`,
      ...render(lines, '  '),
      `${ok ? 'ok' : 'not ok'} ${number} ${name}${skip && ok ? ' # SKIP' : ''}`,
    ],
  };
}

export function ktapFormat(report: Report): string {
  const { tool, file } = report;
  const experiments = experimentsOf(report);
  const blocks = experiments.map((experiment) => ({
    name: named(experiment),
    lines: report.results.filter((result) => result.experiment === experiment).map(lineOf),
  }));
  if (report.notModelled.length > 0) {
    const lines = report.notModelled.map((what) => ({
      ok: true,
      skipped: true,
      name: named(what),
      directive: 'SKIP not modelled',
      notes: [],
    }));
    blocks.push({ name: 'not modelled', lines });
  }
  const all = blocks.flatMap((block) => block.lines);
  const count = (of: (line: Line) => boolean) => all.filter(of).length;
  const xfail = count((line) => line.directive.startsWith('XFAIL'));
  const skip = count((line) => line.skipped && line.ok);
  const fail = count((line) => !line.ok);
  const text = [
    'KTAP version 1',
    `1..${blocks.length}`,
    `# tool ${plain(tool.name)} ${plain(tool.version)}, engine ${plain(tool.engineVersion)}`,
    `# notebook ${plain(file.name)} sha256:${file.sha256.slice(0, HASH_DIGITS)}`,
    `# ${report.ranOnKernel === null ? 'a model, nothing ran on a kernel' : plain(report.ranOnKernel)}`,
    ...blocks.flatMap((block, i) => subtest(block.name, block.lines, i + 1).text),
    `# Totals: pass:${all.length - xfail - skip - fail} fail:${fail} xfail:${xfail} xpass:0 skip:${skip} error:0`,
  ];
  return `${text.join('\n')}\n`;
}
