/** page_owner: who allocated and freed a page, from a dump and from /sys/kernel/debug/page_owner. */

export interface OwnerRecord {
  readonly line: number;
  readonly order: number;
  readonly gfpMask: string;
  readonly pid: number | null;
  readonly comm: string;
  readonly pfn: number | null;
  /** Names of the page's flags. */
  readonly flags: readonly string[];
  readonly stack: readonly string[];
  /** Why it was migrated last; empty where it was not. */
  readonly migrated: string;
}

const ALLOCATED =
  /^Page allocated via order (\d{1,2}), mask (0x[0-9a-f]{1,8})\([^()]{0,255}\)(?:, pid (\d{1,10}), tgid \d{1,10} \((.{0,64}?)\), ts \d{1,20} ns)?/;
const PFN =
  /^PFN (?:0x([0-9a-f]{1,13})|(\d{1,16})) type \S{1,32} Block \d{1,12} type \S{1,32} Flags 0x[0-9a-f]{1,16}\(([^()]{0,512})\)/;
const MIGRATED = /^Page has been migrated, last migrate reason: (\S{1,64})/;
const CHARGED = /^Charged (?:\(via objcg\) ?)?to (?:offline )?memcg /;

/** Lines of a dump that page_owner added. */
const IN_DUMP =
  /^(?:page_owner tracks the page as (?:allocated|freed)|page last allocated via order |page last free |page_owner (?:info is not present|free stack trace missing)|page has been migrated, last migrate reason: )/;

export function isOwnerLine(text: string): boolean {
  return IN_DUMP.test(text);
}

/** Reads records line by line. */
export class OwnerReader {
  private record: { -readonly [K in keyof OwnerRecord]: OwnerRecord[K] } | null = null;
  private stack: string[] = [];

  /** @returns whether the line belongs to a record. */
  line(text: string, line: number): boolean {
    const begun = ALLOCATED.exec(text);
    if (begun !== null) {
      const [, order, mask = '', pid, comm = ''] = begun;
      this.stack = [];
      this.record = {
        line,
        order: Number(order),
        gfpMask: mask,
        pid: pid === undefined ? null : Number(pid),
        comm,
        pfn: null,
        flags: [],
        stack: this.stack,
        migrated: '',
      };
      return true;
    }
    const { record } = this;
    if (record === null) return false;
    const page = PFN.exec(text);
    if (page !== null) {
      record.pfn = page[1] === undefined ? Number(page[2]) : Number.parseInt(page[1], 16);
      record.flags = (page[3] ?? '').split('|').filter((name) => name !== '' && !name.includes('='));
      return true;
    }
    const migrated = MIGRATED.exec(text)?.[1];
    if (migrated !== undefined) {
      record.migrated = migrated;
      return true;
    }
    if (CHARGED.test(text)) return true;
    const symbol = /^([A-Za-z_][\w.$]{0,127})\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}/.exec(text)?.[1];
    if (symbol === undefined || record.pfn === null || this.stack.length >= 64) return false;
    this.stack.push(symbol);
    return true;
  }

  /** A line that belongs to no record ends one. @returns the record, if one was open. */
  end(): OwnerRecord | null {
    const { record } = this;
    this.record = null;
    return record;
  }
}
