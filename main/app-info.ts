/** What the window is told first: who this is, which kernels there are, the interface that scripts are written against. */

import type { AppInfo } from '../preload/contract.ts';
import interfaceSource from './engine/interface.ts?raw';
import { KERNELS } from './engine/kernels/index.ts';
import { ENGINE_VERSION } from './engine/version.ts';

/** The parts that are the same for as long as the application runs. */
export function appInfo(version: string): Omit<AppInfo, 'theme' | 'preferences' | 'scenarios'> {
  return {
    version,
    engineVersion: ENGINE_VERSION,
    electron: process.versions.electron ?? '',
    kernels: KERNELS.map(({ id, title, switches }, order) => ({ id, title, order, pins: switches.follPin })),
    interfaceText: globalDeclarations(interfaceSource),
  };
}

/** The interface's source as declarations of globals: scripts import nothing. */
export function globalDeclarations(source: string): string {
  return source.replaceAll(/^export (?=declare |interface |type )/gm, '');
}
