/** The text that is being looked at: reads one, answers questions about it, and forgets it when the next one comes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decoded, TracePage } from '../../../preload/contract.ts';
import { Collector } from '../decode/collector.ts';
import { fileSource, type ImportOptions, importTrace, type TraceSource } from '../traces/import-trace.ts';
import type { TraceIndex } from '../traces/index-reader.ts';
import { decodedView } from './decoded.ts';
import { guessOf, tracePage, tracePageCell } from './trace-page.ts';

/** Larger inputs are indexed on disk. */
const IN_MEMORY = 32 * 1024 * 1024;

/** Nothing of the text can be shown. The message is one sentence. */
export class NothingFound extends Error {
  override readonly name = 'NothingFound';
}

/** How a long reading is watched and ended. */
type Watched = Pick<ImportOptions, 'onProgress' | 'stop'>;

export class Desk {
  private open: { readonly index: TraceIndex; readonly folder: string | null } | null = null;
  /** Of the open text; null until somebody asks. */
  private guessed: readonly string[] | null = null;
  private readonly remembered = { id: 0 };

  async text(text: string): Promise<Decoded> {
    const bytes = new TextEncoder().encode(text);
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    return await this.read({ name: 'the pasted text', total: bytes.length, bytes: whole() });
  }

  /** `stop` ends the reading; what was read until then is shown. */
  async file(path: string, name: string, options: Watched = {}): Promise<Decoded> {
    return await this.read(await fileSource(path, name), options);
  }

  /** @throws RangeError where the text is no longer open, or has no such page. */
  page(decodedId: number, pfn: number, kernel: string | null): TracePage {
    return tracePage(this.indexOf(decodedId), pfn, kernel, () => this.guess());
  }

  /** Guesses the kernel now, so that the first page that is asked for need not wait for it. */
  prepare(): void {
    if (this.open !== null && this.open.index.about().tally.events > 0) this.guess();
  }

  /** @throws RangeError as {@link page}. */
  cell(decodedId: number, pfn: number, kernel: string): string {
    return tracePageCell(this.indexOf(decodedId), pfn, kernel);
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    open?.index.close();
    if (open?.folder != null) await rm(open.folder, { recursive: true, force: true });
  }

  private async read(source: TraceSource, { onProgress, stop }: Watched = {}): Promise<Decoded> {
    await this.close();
    const large = source.total === null || source.total > IN_MEMORY;
    const folder = large ? await mkdtemp(join(tmpdir(), 'gupbook-')) : null;
    const collector = new Collector();
    const index = await importTrace(source, {
      index: folder === null ? ':memory:' : join(folder, 'index'),
      onOther: (text, line) => collector.line(text, line),
      ...(onProgress !== undefined && { onProgress }),
      ...(stop !== undefined && { stop }),
    }).catch(async (error: unknown) => {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      throw error;
    });
    this.open = { index, folder };
    this.guessed = null;
    const findings = collector.end();
    const { events, damaged } = index.about().tally;
    if (findings.itemCount + findings.unreadCount + events + damaged === 0) {
      throw new NothingFound(`nothing in ${source.name} is a dump of a page, a report about one, or a page_ref event`);
    }
    return decodedView(++this.remembered.id, findings, index);
  }

  private guess(): readonly string[] {
    this.guessed ??= this.open === null ? [] : guessOf(this.open.index);
    return this.guessed;
  }

  private indexOf(decodedId: number): TraceIndex {
    if (this.open === null || decodedId !== this.remembered.id)
      throw new RangeError('this text is no longer open: read it again');
    return this.open.index;
  }
}
