/**
 * What no page of this application may do, whoever it belongs to: the window and the runners alike. Called before the
 * application is ready; sessions and pages made later are locked as they come into being.
 */
import type { App, Session, WebContents } from 'electron';

/** Locks the whole application. The sandbox is left off only where --no-sandbox was given, as root must. */
export function lockApplication(app: App): void {
  // Nothing here is remote. Of all layers only this one stops look-ups for <link rel=dns-prefetch>.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('session-created', lockSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

/** Electron grants permissions unless told otherwise. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.on('will-download', (event) => event.preventDefault());
}

/** A page stays where it was loaded: no navigation, no new windows, no web views. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
