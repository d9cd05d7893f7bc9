/**
 * The process in which a kernel's output is read. It is a stranger's text, and a trace of gigabytes takes a while: neither
 * must hold up main. It touches the file it is told to read, and an index in the temporary folder.
 */
import { type DecodeReply, type DecodeRequest, decodeRequest } from './decode-messages.ts';
import { fileTrouble } from './lab/file-trouble.ts';
import type { ImportProgress } from './recordings/traces/import-trace.ts';
import { IndexError } from './recordings/traces/index-reader.ts';
import { Desk, NothingFound } from './recordings/view/desk.ts';

const desk = new Desk();
// One after the other: a new text ends the one before.
let last: Promise<void> = Promise.resolve();
/** Ends the reading that is under way. */
let stop = new AbortController();

process.parentPort.on('message', ({ data }) => {
  const parsed = decodeRequest.safeParse(data);
  if (!parsed.success) return;
  const request = parsed.data;
  if (request.what === 'stop') stop.abort();
  else {
    last = last.then(async () => {
      process.parentPort.postMessage(await answer(request));
      if (request.what === 'text' || request.what === 'file') prepare();
    });
  }
});

/** While people look for the page they want. What is wrong is told where it is asked for. */
function prepare(): void {
  try {
    desk.prepare();
  } catch {
    // The page that needs the guess meets the same trouble, and its answer says so.
  }
}

/** Tells main how far the reading is. */
function watched(n: number) {
  return {
    stop: stop.signal,
    onProgress: ({ bytes, total, events }: ImportProgress) => {
      const progress: DecodeReply = { what: 'progress', n, bytes, total, events };
      process.parentPort.postMessage(progress);
    },
  };
}

async function answer(request: Exclude<DecodeRequest, { readonly what: 'stop' }>): Promise<DecodeReply> {
  const { n } = request;
  try {
    switch (request.what) {
      case 'text':
        return { what: 'decoded', n, value: await desk.text(request.text) };
      case 'file':
        stop = new AbortController();
        return { what: 'decoded', n, value: await desk.file(request.path, request.name, watched(n)) };
      case 'page':
        return { what: 'page', n, value: desk.page(request.decodedId, request.pfn, request.kernel) };
      case 'cell':
        return { what: 'cell', n, value: desk.cell(request.decodedId, request.pfn, request.kernel) };
    }
  } catch (thrown) {
    return { what: 'problem', n, message: sentence(request, thrown) };
  }
}

function sentence(request: Exclude<DecodeRequest, { readonly what: 'stop' }>, thrown: unknown): string {
  if (thrown instanceof NothingFound || thrown instanceof RangeError) return `${thrown.message}.`;
  const name = request.what === 'file' ? request.name : 'the text';
  if (thrown instanceof IndexError) return `${name} cannot be read: ${thrown.message}.`;
  return `${fileTrouble('read', name, thrown).message}.`;
}
