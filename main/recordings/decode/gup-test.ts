/** What the kernel's own gup_test says: its output, its TAP, and what its ioctl writes into the kernel's log. */

export type GupTestLine =
  | {
      readonly kind: 'time';
      readonly test: string;
      /** Microseconds. */
      readonly get: number;
      readonly put: number;
      /** Bytes that were worked on where it was fewer than asked for. */
      readonly truncated: number | null;
    }
  | { readonly kind: 'done'; readonly test: string }
  | { readonly kind: 'tap'; readonly ok: boolean; readonly text: string }
  /** A page of the buffer that was expected to be pinned and is not, or the other way round. */
  | { readonly kind: 'complaint'; readonly page: number; readonly text: string }
  /** The dump that follows is of this page of the buffer. */
  | { readonly kind: 'dump'; readonly page: number; readonly address: string };

const TIME = /\b((?:GUP|PIN)_\w{2,32}): Time: get:(\d{1,15}) put:(\d{1,15}) us(?:, truncated \(size: (\d{1,15})\))?/;
const DONE = /\b((?:GUP|PIN|DUMP)_\w{2,32}): done/;
const TAP = /^(not )?ok (\d{1,6}) (.{1,120})$/;
const COMPLAINT = /\bpages\[(\d{1,10})\] is (NOT dma-pinned|NOT pinnable but pinned)/;
const DUMP = /---- page #(\d{1,10}), starting from user virt addr: (0x[0-9a-f]{1,16})/;

export function parseGupTest(text: string): GupTestLine | null {
  const time = TIME.exec(text);
  if (time !== null) {
    const [, test = '', get, put, size] = time;
    const truncated = size === undefined ? null : Number(size);
    return { kind: 'time', test, get: Number(get), put: Number(put), truncated };
  }
  const done = DONE.exec(text)?.[1];
  if (done !== undefined) return { kind: 'done', test: done };
  const complaint = COMPLAINT.exec(text);
  if (complaint !== null) return { kind: 'complaint', page: Number(complaint[1]), text: complaint[2] ?? '' };
  const dump = DUMP.exec(text);
  if (dump !== null) return { kind: 'dump', page: Number(dump[1]), address: dump[2] ?? '' };
  const tap = TAP.exec(text.replace(/^# /, ''));
  if (tap === null || !/\bioctl\b|gup|GUP|PIN/.test(tap[3] ?? '')) return null;
  return { kind: 'tap', ok: tap[1] === undefined, text: tap[3] ?? '' };
}
