/**
 * `run --ktap`: KTAP version 1 (Documentation/dev-tools/ktap.rst), as kunit.py and prove read it. One test per notebook,
 * in it one per experiment, in it one per kernel. What is as expected is `ok`, a failure that is expected too: kunit.py
 * takes `not ok ... # XFAIL` for a failure.
 */
import type { ExperimentResult } from '../engine/result.ts';
import { located } from './notebook.ts';
import type { NotebookRun } from './run-notebooks.ts';
import { differs } from './status.ts';

/** One test: whether it is well, its lines before its result line, its directive. */
interface Test {
  readonly name: string;
  readonly ok: boolean;
  /** Diagnostics, each without `# `. */
  readonly notes: readonly string[];
  /** `XFAIL reason` and the like, or null. */
  readonly directive: string | null;
  readonly children: readonly Test[];
}

export function ktapText(runs: readonly NotebookRun[]): string {
  const tests = runs.map(notebookTest).filter(({ children }) => children.length > 0);
  if (tests.length === 0) return 'KTAP version 1\n1..0 # SKIP nothing to run\n';
  return `${block(tests, null).join('\n')}\n`;
}

/** Version line, plan and results. `subtest` names the parent in a nested block. */
function block(tests: readonly Test[], subtest: string | null): string[] {
  const lines = ['KTAP version 1'];
  if (subtest !== null) lines.push(`# Subtest: ${subtest}`);
  lines.push(`1..${tests.length}`);
  for (const [index, { name, ok, notes, directive, children }] of tests.entries()) {
    const label = oneLine(name);
    if (children.length > 0) lines.push(...block(children, label).map((line) => `  ${line}`));
    lines.push(...notes.map((note) => `# ${oneLine(note)}`));
    const end = directive === null ? '' : ` # ${oneLine(directive)}`;
    lines.push(`${ok ? 'ok' : 'not ok'} ${index + 1} ${label}${end}`);
  }
  return lines;
}

function notebookTest({ notebook, results }: NotebookRun): Test {
  const names = [...new Set(results.map(({ experiment }) => experiment))];
  return parent(
    notebook.file,
    [`sha256 ${notebook.sha256}`],
    names.map((name) =>
      parent(
        name,
        [],
        results.filter(({ experiment }) => experiment === name).map((result) => kernelTest(notebook.file, result)),
      ),
    ),
  );
}

function parent(name: string, notes: readonly string[], children: readonly Test[]): Test {
  return { name, ok: children.every(({ ok }) => ok), notes, directive: null, children };
}

function kernelTest(file: string, result: ExperimentResult): Test {
  const { kernel, verdict, expected, failures, error, states } = result;
  const open = verdict === 'inconclusive' && expected !== 'inconclusive';
  const ok = !differs(result) && !open;
  const notes = [`states ${states}`];
  if (!ok && expected !== null) notes.push(`expected ${expected}, found ${verdict}`);
  for (const { check, message, trace } of failures) notes.push(`${check}: ${message}`, `schedule ${trace.schedule}`);
  if (error !== null) notes.push(located(file, error));
  return { name: kernel, ok, notes, directive: directiveOf(result, ok), children: [] };
}

function directiveOf({ verdict, failures, error, limit }: ExperimentResult, ok: boolean): string | null {
  switch (verdict) {
    case 'not-applicable':
      return ok ? 'SKIP the kernel lacks the function' : null;
    case 'inconclusive':
      return ok ? null : `TIMEOUT ended by a limit (${limit ?? 'unknown'})`;
    case 'error':
      return `ERROR ${error?.message ?? ''}`.trim();
    case 'fail':
      return ok ? `XFAIL ${failures[0]?.check ?? ''}`.trim() : null;
    case 'pass':
      return null;
  }
}

/** Text that can stand in a result line: no line break, and no `#`, which would begin a directive. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('#', '');
}
