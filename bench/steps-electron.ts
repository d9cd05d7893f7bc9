/** Runs the steps benchmark in the application's own runner, prints what it says, and ends. An Electron main script. */
import { join } from 'node:path';
import benchText from 'virtual:gupbook-bench-steps-text';
import hostText from 'virtual:gupbook-host-text';
import workerText from 'virtual:gupbook-worker-text';
import { app, protocol } from 'electron';
import { RUNNER_PRIVILEGES } from '../main/lab/electron-realm.ts';
import { electronRunner } from '../main/lab/electron-runner.ts';
import { lockApplication } from '../main/lock.ts';
import { benchmark } from './steps-run.ts';

lockApplication(app);
protocol.registerSchemesAsPrivileged([RUNNER_PRIVILEGES]);
void app.whenReady().then(async () => {
  const preload = join(import.meta.dirname, '../preload/runner.cjs');
  const runner = electronRunner({ host: hostText, worker: workerText, engine: benchText, preload });
  const said = await benchmark(runner);
  process.stdout.write(`${said}\n`, () => app.exit(0));
});
