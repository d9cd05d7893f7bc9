import { readdirSync } from 'node:fs';
import { installSystemPackages } from './debian.mjs';
import { isRoot } from './house.mjs';
import { capture, hasProgram } from './run.mjs';
import { say } from './say.mjs';

/** What Electron links to, or opens at run time, beyond a bare Debian. */
const libraries = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0', 'libdrm2'];

/**
 * Names of the shared libraries that the loader cannot find, out of the text of `ldd`.
 *
 * @param {string} text
 */
export function missingLibraries(text) {
  return [...text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = '']) => name);
}

/**
 * Sees to it that Electron can start: shared libraries, and a font so that text is drawn.
 *
 * @param {string} executable
 */
export async function ensureLibraries(executable) {
  if (process.platform !== 'linux') return;
  const missing = missingLibraries(capture('ldd', [executable]).output);
  if (missing.length > 0) {
    await installSystemPackages(libraries, `Electron needs shared libraries that are missing (${missing.join(', ')})`);
  }
  if (!hasFont()) {
    await installSystemPackages(['fonts-dejavu'], 'No font is installed, so that no text would be drawn');
  }
}

/** Whether fontconfig finds any font, or a usual folder holds one. */
function hasFont() {
  const listed = capture('fc-list', ['--format', '%{file}\n']);
  if (listed.status === 0) return listed.output.trim() !== '';
  try {
    const files = readdirSync('/usr/share/fonts', { recursive: true, encoding: 'utf8' });
    return files.some((file) => /\.(ttf|otf|ttc|pfb)$/i.test(file));
  } catch {
    return false;
  }
}

/** Whether windows can be opened here. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Sees to it that `xvfb-run` can give tests a display of their own. */
export async function ensureVirtualDisplay() {
  if (hasProgram('xvfb-run') && hasProgram('Xvfb') && hasProgram('xauth')) return;
  await installSystemPackages(['xvfb', 'xauth'], 'There is no display, and no Xvfb to make one');
}

/**
 * Warns a user whose system keeps Chromium's sandbox from starting, and says what to type. The sandbox stays on.
 *
 * @param {string} sandboxHelper path of `chrome-sandbox`, beside the executable
 */
export function checkSandbox(sandboxHelper) {
  if (process.platform !== 'linux' || isRoot || !hasProgram('unshare')) return;
  if (capture('unshare', ['--user', '--map-root-user', 'true']).status === 0) return;
  const helper = capture('stat', ['-c', '%u %a', sandboxHelper]).output.trim();
  if (helper === '0 4755') return;
  say(`This system gives users no namespaces, which Chromium's sandbox needs; if Electron stops at once, run:
  sudo chown root:root '${sandboxHelper}' && sudo chmod 4755 '${sandboxHelper}'`);
}
