import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunLimits } from '../../main/lab/runner.ts';
import type { Ran } from './runner-app/main.ts';
import { launchRunnerApp } from './runner-app.ts';

let app: ElectronApplication;

beforeAll(async () => {
  app = await launchRunnerApp();
});
afterAll(async () => {
  await app?.close();
});

async function run(code: string, limits: Partial<RunLimits> = {}): Promise<Ran> {
  return app.evaluate(
    (_electron, [source, given]) => {
      if (globalThis.runnerApp === undefined) throw new Error('no runner app');
      return globalThis.runnerApp.run('hardened', source, given);
    },
    [code, limits] as const,
  );
}

function texts(ran: Ran): string[] {
  return ran.messages.flatMap((message) => (message.kind === 'console' ? [message.text] : []));
}

describe('a run', () => {
  it('sends what the script says, in order, and is done', async () => {
    const ran = await run(`emit('one'); emit('two'); done()`);
    expect(ran.end).toEqual({ kind: 'done', message: '', at: null });
    expect(texts(ran)).toEqual(['one', 'two']);
  });
});
