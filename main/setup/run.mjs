import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Runs a program and gives its exit status (128 and the signal's number where a signal ended it, 127 where it did not
 * start). Its standard output goes to our standard error unless `stdout` is `inherit`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'inherit' | 'stderr' }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, { cwd, env, stdout = 'stderr' } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: env ?? process.env,
      stdio: ['inherit', stdout === 'inherit' ? 'inherit' : 2, 'inherit'],
    });
    // The terminal sends an interrupt to both; a request to end reaches only us, so pass it on.
    const pass = () => child.kill('SIGTERM');
    const ignore = () => {};
    process.on('SIGTERM', pass);
    process.on('SIGINT', ignore);
    const end = (/** @type {number} */ status) => {
      process.off('SIGTERM', pass);
      process.off('SIGINT', ignore);
      done(status);
    };
    child.once('error', () => end(127));
    child.once('close', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/**
 * Runs a program to its end and gives what it wrote. Never throws: a program that is missing has status 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds
 * @returns {{ status: number, output: string, errors: string }}
 */
export function capture(command, args, { cwd, env, timeout } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
    ...(timeout !== undefined && { timeout }),
  });
  const missing = error !== undefined && 'code' in error && error.code === 'ENOENT';
  return { status: missing ? 127 : (status ?? 1), output: stdout ?? '', errors: stderr ?? '' };
}

/**
 * The npm that started us, else the one on the path, as a command and its first arguments.
 *
 * @returns {[string, ...string[]]}
 */
export function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') && existsSync(script) ? [process.execPath, script] : ['npm'];
}

/**
 * Whether a program is on the path.
 *
 * @param {string} program
 */
export function hasProgram(program) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
