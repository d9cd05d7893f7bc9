/** What a capture's program does, from the sentence that describes it: its parameters, in pages and bytes. */

export type Plan =
  /** An ioctl of gup_test (gup_benchmark in 5.10): take, then give back. */
  | {
      readonly kind: 'gup_test';
      /** `get`, `get_fast`, `pin`, `pin_fast`, `pin_longterm`. */
      readonly take: string;
      readonly pages: number;
      /** Page of the buffer at which it starts. */
      readonly first: number;
      readonly perCall: number;
      readonly write: boolean;
    }
  /** One take by the debugfs driver, held, one release. */
  | {
      readonly kind: 'driver';
      readonly take: string;
      readonly pages: number;
      readonly first: number;
      readonly write: boolean;
      readonly release: string;
    }
  /** Requests in the driver's own words; they are the steps' names. */
  | { readonly kind: 'requests' }
  /** Steps that name what is done with a registered buffer. */
  | { readonly kind: 'io_uring' }
  | { readonly kind: 'direct'; readonly write: boolean; readonly bytes: number }
  /** One request over a file whose first extent ends within it. */
  | { readonly kind: 'extents'; readonly write: boolean; readonly bytes: number; readonly firstBytes: number }
  | { readonly kind: 'two_bios'; readonly write: boolean }
  | { readonly kind: 'process_vm'; readonly write: boolean; readonly bytes: number }
  | { readonly kind: 'vmsplice'; readonly pages: number }
  | { readonly kind: 'get_and_pin' }
  | { readonly kind: 'lifecycle' };

const GUP_TEST = /^GUP_TEST ioctl (\w+): (\d+) pages at offset (\d+), (\d+) pages per call, gup_flags (\w+)/;
const DUMP = /^GUP_TEST DUMP_USER_PAGES_TEST \((get|pin)_user_pages\) (\d+) pages/;
const DRIVER = /^(\w+) of (\d+) pages from page (\d+) of the buffer \(gup_flags (\w+)\), held, then (\w+)/;
const REQUESTS = /^(\w+) of (\d+) pages, then (\w+) \((?:MISMATCHED|matched)/;
const DIRECT = /^p(read|write) of (\d+) bytes, O_DIRECT, on /;
const EXTENTS =
  /^one p(read|write) of (\d+) MiB, O_DIRECT, ext4 file with \d+ extents \(first: physical \d+ length (\d+)/;
const TWO_BIOS = /^AIO O_DIRECT of the two halves of one 2 MiB buffer/;
const PROCESS_VM = /^process_vm_(read|write)v of (\d+) KiB/;
const VMSPLICE = /^vmsplice of (\d+) pages, then read the pipe empty/;

const PAGE = 4096;

/** @param name of the capture: the one parameter that two descriptions leave out is in it. */
export function planOf(what: string, name: string): Plan | null {
  return fromDriver(what, name) ?? fromSystemCall(what, name);
}

function fromDriver(what: string, name: string): Plan | null {
  const test = GUP_TEST.exec(what);
  if (test !== null) {
    const [, take = '', pages, offset, perCall, flags] = test;
    const first = Number(offset) / PAGE;
    return { kind: 'gup_test', take, pages: Number(pages), first, perCall: Number(perCall), write: writes(flags) };
  }
  const dump = DUMP.exec(what);
  if (dump !== null) {
    const [, take = '', pages] = dump;
    const perCall = Number(/percall(\d+)/.exec(name)?.[1] ?? pages);
    return { kind: 'gup_test', take, pages: Number(pages), first: 0, perCall, write: true };
  }
  const driver = DRIVER.exec(what);
  if (driver !== null) {
    const [, take = '', pages, first, flags, release = ''] = driver;
    return { kind: 'driver', take, pages: Number(pages), first: Number(first), write: writes(flags), release };
  }
  return REQUESTS.test(what) ? { kind: 'requests' } : null;
}

function fromSystemCall(what: string, name: string): Plan | null {
  if (what.startsWith('io_uring registered buffers')) return { kind: 'io_uring' };
  const direct = DIRECT.exec(what);
  if (direct !== null) return { kind: 'direct', write: direct[1] === 'write', bytes: Number(direct[2]) };
  const extents = EXTENTS.exec(what);
  if (extents !== null) {
    const [, op, mib, firstBytes] = extents;
    return { kind: 'extents', write: op === 'write', bytes: Number(mib) << 20, firstBytes: Number(firstBytes) };
  }
  if (TWO_BIOS.test(what)) return { kind: 'two_bios', write: /_write_/.test(name) };
  const processVm = PROCESS_VM.exec(what);
  if (processVm !== null)
    return { kind: 'process_vm', write: processVm[1] === 'write', bytes: Number(processVm[2]) << 10 };
  const vmsplice = VMSPLICE.exec(what);
  if (vmsplice !== null) return { kind: 'vmsplice', pages: Number(vmsplice[1]) };
  if (what.startsWith('one page: vmsplice (get), io_uring register (pin)')) return { kind: 'get_and_pin' };
  return what.startsWith('first write fault, second write, read, munmap') ? { kind: 'lifecycle' } : null;
}

/** FOLL_WRITE is 1 in every kernel. */
function writes(flags: string | undefined): boolean {
  return (Number(flags) & 1) !== 0;
}
