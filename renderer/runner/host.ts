/**
 * The script of a runner's page, inline in its HTML. It runs no code of the user and ignores whatever the worker says:
 * it starts one worker with the text that main sends, and hands it the port of its run.
 *
 * Control port, main to page: `{ op: 'text', text }` once, then `{ op: 'run', init }` with the run's port, once.
 * Page to main: `{ isolated, origin }` when the worker was started, `{ broken }` when its text does not run.
 */

/** What main sends over the control port. */
type Control = { readonly op: 'text'; readonly text: string } | { readonly op: 'run'; readonly init: unknown };

window.addEventListener('message', function take(event: MessageEvent<unknown>) {
  if (event.source !== window || event.data !== 'runner:control') return;
  window.removeEventListener('message', take);
  const [control] = event.ports;
  if (control !== undefined) serve(control);
});

function serve(control: MessagePort): void {
  let worker: Worker | null = null;
  let used = false;
  control.onmessage = ({ data, ports }: MessageEvent<Control>) => {
    if (data.op === 'text' && worker === null) {
      worker = startWorker(data.text, control);
      control.postMessage({ isolated: window.crossOriginIsolated, origin: window.origin });
    } else if (data.op === 'run' && worker !== null && !used) {
      used = true;
      worker.postMessage(data.init, [...ports]);
    }
  };
}

/** A classic worker: in a page without an origin, a module worker does not start. */
function startWorker(text: string, control: MessagePort): Worker {
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  worker.onerror = (event) => {
    event.preventDefault();
    control.postMessage({ broken: event.message });
  };
  return worker;
}
