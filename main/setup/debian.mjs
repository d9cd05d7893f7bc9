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

/** Seconds for a mirror to answer, and milliseconds for the whole, where it is not worth waiting longer. */
const impatient = ['-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::https::Timeout=15', '-o', 'Acquire::Retries=0'];
const patience = 10 * 60 * 1000;

/**
 * Installs packages that are good to have, as root or with a sudo that asks nothing. Those that this release does not
 * have are left out.
 *
 * @param {readonly string[]} packages Debian's names
 * @param {string} why what is missing, to begin a sentence
 * @returns {string | null} why not, to begin a sentence; null where they are installed now
 */
export function installOptional(packages, why) {
  if (!hasApt()) return `${why}, and this is not Debian`;
  const sudo = isRoot ? [] : ['sudo', '-n'];
  if (!isRoot && (!hasProgram('sudo') || capture('sudo', ['-n', 'true']).status !== 0)) {
    return `${why} (sudo apt-get install ${packages.join(' ')})`;
  }
  say(`${why}: installing ${packages.join(' ')} ...`);
  const apt = (/** @type {readonly string[]} */ args) => {
    const [command = '', ...rest] = [
      ...sudo,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...impatient,
      ...args,
    ];
    return capture(command, rest, { timeout: patience });
  };
  // Without lists nothing is known; with old ones the installation may still work.
  apt(['update', '-qq']);
  const known = packages.map(available).filter((name) => capture('apt-cache', ['show', name]).status === 0);
  const { status, errors } = apt(['install', '-y', '-qq', '--no-install-recommends', ...known]);
  const last = errors.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || known.length === 0)
    return `${why}, and apt-get cannot install them (${last || 'no package lists'})`;
  const unknown = packages.filter((name) => !known.includes(available(name)));
  return unknown.length === 0 ? null : `${why}, and this release has no ${unknown.join(', ')}`;
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
