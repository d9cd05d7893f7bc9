/** Asks other programs: what crashes or hangs does so there. */
import { execFile } from 'node:child_process';

/** Milliseconds until a program that says nothing is given up. */
const PATIENCE = 20_000;

/** What a program wrote, or why there is nothing: it is not there, it failed, it took too long. */
export type Answer = { readonly text: string } | { readonly failed: string };

export function ask(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(command, [...args], { env, timeout: PATIENCE, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (error === null) resolve({ text: stdout });
      else resolve({ failed: stderr.trim().split('\n')[0] || error.message.split('\n')[0] || 'it failed' });
    });
  });
}
