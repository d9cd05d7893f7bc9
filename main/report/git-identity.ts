/** Who the user is, as git knows: reports are mails, and their author writes mails with git. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Identity } from './report.ts';

const run = promisify(execFile);
/** Milliseconds for one question; git answers in a few, a hanging one must not hold a report up. */
const PATIENCE = 2000;

/** The global git identity, or null where there is no git or it does not know the user. */
export async function gitIdentity(): Promise<Identity | null> {
  const [name, email] = await Promise.all([ask('user.name'), ask('user.email')]);
  return name === '' || email === '' ? null : { name, email };
}

async function ask(key: string): Promise<string> {
  try {
    const { stdout } = await run('git', ['config', '--global', '--get', key], { timeout: PATIENCE });
    return stdout.trim();
  } catch {
    return '';
  }
}
