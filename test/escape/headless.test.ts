/** The corpus of hostile scripts in the command line's runner. */
import engineText from 'virtual:gupbook-engine-text';
import { afterAll, expect, test } from 'vitest';
import { headlessRunner } from '../../main/lab/headless-runner.ts';
import { lowerScript } from '../../main/lab/lower/script.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import { scriptFor } from '../../main/lab/script.ts';
import type { RealmMessage, RunInit } from '../../renderer/runner/protocol.ts';
import { ASKED, isEscape, outcomeOf } from './outcome.ts';
import { ATTACKS, victim } from './scripts.ts';

const LIMITS = { silence: 2, wall: 30, memory: 400, output: 32 * 2 ** 20 };

const runner = headlessRunner(engineText);
afterAll(() => runner.close());

async function run(init: RunInit) {
  const messages: RealmMessage[] = [];
  const end = await runner.start(init, LIMITS, (message) => messages.push(message)).ended;
  return { messages, end };
}

test('the victim itself fails, so that another verdict would tell', async () => {
  expect(await outcomeOf(victim(''), run)).toBe('victim pin-v5 fail');
});

test('a verdict says which checks its script left out', async () => {
  const code = victim('', '', "{ without: ['I2', 'I4', 'none'] }");
  const prepared = lowerScript(scriptFor(parse(`// %% a\n${code}\n`), 'all').code);
  const { messages } = await run({ ...ASKED, code: prepared });
  const notes = messages.flatMap((message) => (message.kind === 'result' ? message.result.notes : []));
  expect(notes).toContain('the experiment left out I2, I4 (its option "without")');
});

test.each(ATTACKS)('$kind: $attack', { timeout: 60_000 }, async ({ code, seen }) => {
  const outcome = await outcomeOf(code, run);
  expect(outcome).toMatch(seen);
  expect(isEscape(outcome)).toBe(false);
});
