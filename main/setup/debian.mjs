import { existsSync } from 'node:fs';
import { isRoot } from './house.mjs';
import { capture, hasProgram, run } from './run.mjs';
import { SetupError, say } from './say.mjs';

/** Whether this is Debian or one of its descendants. */
function hasApt() {
  return process.platform === 'linux' && existsSync('/etc/debian_version') && hasProgram('apt-get');
}

/**
 * Installs system packages, as root on Debian. Elsewhere the command is for the user to type: it is in the error.
 *
 * @param {readonly string[]} packages Debian's names
 * @param {string} why what is missing, to begin a sentence
 */
export async function installSystemPackages(packages, why) {
  if (!hasApt()) {
    throw new SetupError(`${why}; install your system's counterpart of Debian's ${packages.join(' ')}.`);
  }
  if (!isRoot) {
    throw new SetupError(`${why}; run: sudo apt-get install -y ${packages.map(available).join(' ')}`);
  }
  say(`${why}: installing ${packages.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A bare machine has no package lists yet, and old lists name files that are gone.
  await quietly('apt-get', ['update', '-qq'], env);
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages.map(available)];
  const { status, errors } = await quietly('apt-get', install, env);
  if (status !== 0) {
    const last = errors.trim().split('\n').at(-1) ?? '';
    throw new SetupError(`${why}, and "apt-get ${install.join(' ')}" failed with status ${status} (${last}).`);
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function quietly(command, args, env) {
  if (process.env.GUPBOOK_VERBOSE !== undefined) return { status: await run(command, args, { env }), errors: '' };
  return capture(command, args, { env });
}

/**
 * The name under which this release has a package: since 2024 some libraries end in t64 (64-bit time).
 *
 * @param {string} name
 */
function available(name) {
  const renamed = `${name}t64`;
  return capture('apt-cache', ['show', '--no-all-versions', renamed]).status === 0 ? renamed : name;
}
