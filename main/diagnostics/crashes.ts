/**
 * Reports of what ended unexpectedly, one small JSON file each, kept on this machine: nothing is ever sent. Like the log
 * they hold nothing that a person wrote. A memory dump would, so none is made.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fact, lastLines } from './log.ts';

/** Reports that are kept; older ones are deleted. */
export const CRASHES = 10;

/** Lines of the log that a report repeats. */
const LINES = 20;

/** Where things are kept below the application's data folder. */
export function diagnosticsFolders(data: string): { readonly logs: string; readonly crashes: string } {
  return { logs: join(data, 'logs'), crashes: join(data, 'crashes') };
}

/**
 * Writes a report. Never throws.
 *
 * @param data the application's data folder.
 * @param now milliseconds since the epoch.
 */
export function reportCrash(data: string, facts: Readonly<Record<string, Fact>>, now: number): void {
  const { logs, crashes } = diagnosticsFolders(data);
  const at = new Date(now).toISOString();
  try {
    mkdirSync(crashes, { recursive: true, mode: 0o700 });
    const file = join(crashes, `crash-${at.replaceAll(':', '-')}.json`);
    writeFileSync(file, `${JSON.stringify({ at, ...facts, log: lastLines(logs, LINES) }, null, 2)}\n`, { mode: 0o600 });
    for (const old of crashReports(crashes).slice(CRASHES)) rmSync(join(crashes, old));
  } catch {
    // The log has the event already, if it can be written at all.
  }
}

/** Names of the reports in a folder, newest first. */
export function crashReports(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^crash-.*\.json$/.test(name));
    return names.sort().reverse();
  } catch {
    return [];
  }
}
