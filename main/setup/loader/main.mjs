// The default application of the fallback runtime: opens the folder named on the command line, as an official
// Electron does by its own default_app.asar. It lies in the runtime's resources/app, beside a package.json.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);

// Test drivers put `-r FILE` first, and what they require may rewrite the arguments.
if (process.argv[1] === '-r' || process.argv[1] === '--require') {
  const [, , file] = process.argv;
  if (file !== undefined) require(resolve(file));
}

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stderr.write('electron: name the folder of an application, as in: electron .\n');
  app.exit(2);
} else {
  const path = resolve(folder);
  const { name, productName, version, main } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  Object.defineProperty(process, 'defaultApp', { value: true, configurable: true, enumerable: true });
  app.setName(productName ?? name);
  // Electron's own default application calls these two as well; its type declarations do not list them.
  for (const [method, value] of Object.entries({ setVersion: version, setAppPath: path })) {
    Reflect.get(app, method).call(app, value);
  }
  // Awaited at the top level, so that `ready` waits for what the application does before it.
  await import(pathToFileURL(join(path, main)).href);
}
