/** Takes down what ends unexpectedly: in the log, and as a report that stays on this machine. */
import type { App } from 'electron';
import { reportCrash } from './diagnostics/crashes.ts';
import { faultOf } from './diagnostics/fault.ts';
import type { Fact, Log } from './diagnostics/log.ts';
import { APP_ORIGIN } from './scheme.ts';

/** @param data the application's data folder. */
export function watchForCrashes(app: Pick<App, 'on' | 'getVersion'>, data: string, log: Log): void {
  const report = (event: string, facts: Readonly<Record<string, Fact>>) => {
    log.note(event, facts);
    const { electron = '', chrome = '' } = process.versions;
    reportCrash(data, { event, ...facts, version: app.getVersion(), electron, chrome }, Date.now());
  };
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') report('process.gone', { type, reason, exitCode });
  });
  // A runner is killed with its run: only the window's page should live on.
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit' || !contents.getURL().startsWith(`${APP_ORIGIN}/`)) return;
    report('window.gone', { reason, exitCode });
  });
  // Electron goes on to show it to the user, as it does without us.
  process.on('uncaughtExceptionMonitor', (thrown) => report('main.exception', faultOf(thrown)));
  process.on('unhandledRejection', (reason) => {
    report('main.rejection', faultOf(reason));
    console.error('UnhandledPromiseRejection:', reason);
  });
}
