/** The headless runner's process: a Node that may read no file, start nothing and load nothing, in an empty environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import childText from 'virtual:gupbook-headless-child-text';
import type { Job, SavedText } from './headless-job.ts';

/** Node's flags that take every right away but the one to start a thread. Node 20 has the first under its older name. */
export function permissionFlags(): string[] {
  return [
    process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
    '--allow-worker',
    '--no-warnings',
  ];
}

/** Starts one; it waits for its {@link Job}. Its text comes over standard input, because it may not read even that. */
export function spawnChild(): ChildProcess {
  const flags = [
    ...permissionFlags(),
    '--disable-proto=delete',
    // Lets import() be refused with a value that is not the outer realm's, see headless-child.ts.
    '--experimental-vm-modules',
    '-',
  ];
  const env = process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  const child = spawn(process.execPath, flags, { env, stdio: ['pipe', 'ignore', 'pipe', 'ipc'] });
  // A child that dies before it has read its own text is reported by its end.
  child.stdin?.on('error', () => {}).end(childText);
  return child;
}

/** Sends the job, or the question where the script is. Does nothing where the child is gone. */
export function tell(child: ChildProcess, message: Omit<Job, 'child'> | SavedText | 'where'): void {
  if (!child.connected) return;
  const isJob = message !== 'where' && !('saved' in message);
  child.send(isJob ? ({ ...message, child: childText } satisfies Job) : message, () => {});
}
