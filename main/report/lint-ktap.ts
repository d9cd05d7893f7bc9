/** The check list for KTAP version 1 (Documentation/dev-tools/ktap.rst), as kunit.py and prove read it. */
import { error, type Finding, warning } from './lint-finding.ts';

/** One nesting level that is being read. */
interface Level {
  readonly indent: number;
  /** 1-based line of the version line or first plan. */
  readonly start: number;
  plan: number | null;
  seen: number;
}

/** kunit_parser.py's result line. */
const RESULT = /^(ok|not ok) ([0-9]+) ?(:?- )?([^#]*)( # .*)?$/;

function closeLevel(level: Level): Finding[] {
  if (level.plan === null) return [warning(level.start, 'ktap', 'no plan: kunit.py counts an error')];
  if (level.plan !== level.seen) {
    return [
      error(
        level.start,
        'ktap',
        `the plan says ${level.plan}, but ${level.seen} ${level.seen === 1 ? 'result follows' : 'results follow'}`,
      ),
    ];
  }
  return level.plan === 0 ? [warning(level.start, 'ktap', '0 tests: kunit.py counts an error')] : [];
}

function result(level: Level, text: string, n: number): Finding[] {
  const found: Finding[] = [];
  const [, verdict, number, , , tail] = RESULT.exec(text) ?? [];
  if (number === undefined) {
    return [error(n, 'ktap', 'no result line for kunit.py: "ok N name # comment", with blanks around the "#"')];
  }
  level.seen++;
  if (Number(number) !== level.seen) found.push(error(n, 'ktap', `result ${number} where ${level.seen} is next`));
  if (verdict === 'not ok' && /^ # (XFAIL|TODO)\b/.test(tail ?? '')) {
    found.push(
      error(n, 'ktap', 'kunit.py counts "not ok ... # XFAIL" as a failure: an expected failure is "ok ... # XFAIL"'),
    );
  }
  return found;
}

/** Checks the KTAP lines of a text; `offset` is added to line numbers. Unknown lines are allowed, as in the format. */
export function lintKtap(text: string, offset = 0): Finding[] {
  const found: Finding[] = [];
  const open: Level[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trimStart();
    const indent = raw.length - line.length;
    const n = offset + i + 1;
    const [, version] = /^KTAP version (\d+)/.exec(line) ?? [];
    if (version !== undefined) {
      if (version !== '1') found.push(error(n, 'ktap', `KTAP version ${version}: kunit.py knows version 1`));
      open.push({ indent, start: n, plan: null, seen: 0 });
      return;
    }
    const [, plan] = /^1\.\.(\d+)/.exec(line) ?? [];
    const isResult = /^(not )?ok\b/.test(line);
    if (plan === undefined && !isResult) return;
    // A shallower line ends the deeper levels.
    while ((open.at(-1)?.indent ?? -1) > indent) {
      const done = open.pop();
      if (done !== undefined) found.push(...closeLevel(done));
    }
    const level = open.at(-1);
    if (level === undefined) return;
    if (plan !== undefined) level.plan = Number(plan);
    else found.push(...result(level, line, n));
  });
  for (const level of open.reverse()) found.push(...closeLevel(level));
  return found;
}
