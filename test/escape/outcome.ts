/** Takes a hostile script the product's own way through a runner, and says in one text what came of it. */
import { verifyFailure } from '../../main/engine/explore/verify.ts';
import { acceptResult } from '../../main/lab/accept-result.ts';
import { lowerScript } from '../../main/lab/lower/script.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import type { RunEnd } from '../../main/lab/runner.ts';
import { scriptFor } from '../../main/lab/script.ts';
import { ScriptSyntaxError } from '../../main/lab/script-syntax-error.ts';
import type { RealmMessage, RunInit } from '../../renderer/runner/protocol.ts';

/** What a runner did with an init. */
export type Run = (init: RunInit) => Promise<{ readonly messages: readonly RealmMessage[]; readonly end: RunEnd }>;

/** What is asked of a run, but for its code. */
export const ASKED: Omit<RunInit, 'code'> = {
  name: 'hostile.lab.ts',
  lines: null,
  kernels: ['pin-v5'],
  only: null,
  budget: { states: 20_000, seconds: 5 },
  schedule: null,
};

/**
 * `refused: WHY` before it ran, `fatal: MESSAGE` where the script threw, `ended: KIND` where the runner ended it, else a
 * line `EXPERIMENT KERNEL VERDICT MESSAGE` for each result that main believes.
 */
export async function outcomeOf(code: string, run: Run): Promise<string> {
  let prepared: string;
  try {
    prepared = lowerScript(scriptFor(parse(`// %% hostile\n${code}\n`), 'all').code);
  } catch (refused) {
    if (refused instanceof ScriptSyntaxError) return `refused: ${refused.message}`;
    throw refused;
  }
  const { messages, end } = await run({ ...ASKED, code: prepared });
  const said = messages.flatMap((message) => {
    if (message.kind === 'fatal') return [`fatal: ${message.error.message}`];
    if (message.kind !== 'result') return [];
    const { experiment, kernel, verdict, error } = acceptResult(message.result, verifyFailure);
    return [`${experiment} ${kernel} ${verdict} ${error?.message ?? ''}`.trim()];
  });
  if (end.kind !== 'done') said.push(`ended: ${end.kind}`);
  return said.join('\n');
}

/** Whether an outcome is an escape: something was told that could not be, or a verdict that was not earned. */
export function isEscape(outcome: string): boolean {
  return /ESCAPED|(?:victim|later) pin-v5 (?:pass|not-applicable|inconclusive)/.test(outcome);
}
