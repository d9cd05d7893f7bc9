/** Where the window keeps its store: Electron's `userData`, found without Electron. */
import { join, resolve } from 'node:path';

/** Electron's folder for an application of this name; GUPBOOK_USER_DATA names another, for the window too. */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env.GUPBOOK_USER_DATA;
  if (own !== undefined && own !== '') return resolve(own);
  return join(configFolder(env, home, platform), 'gupbook');
}

function configFolder(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform,
): string {
  if (platform === 'darwin') return join(home, 'Library/Application Support');
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData/Roaming');
  const given = env.XDG_CONFIG_HOME;
  return given === undefined || given === '' ? join(home, '.config') : given;
}
