/** Dates as mail writes them (RFC 5322), read and written without the machine's time zone. */
import type { MailDate } from './report.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

const two = (n: number) => String(n).padStart(2, '0');

/** The date's fields on the writer's clock. */
function local(date: MailDate) {
  const there = new Date(date.ms + date.offset * 60_000);
  return {
    weekday: DAYS[there.getUTCDay()] ?? 'Sun',
    day: there.getUTCDate(),
    month: MONTHS[there.getUTCMonth()] ?? 'Jan',
    year: there.getUTCFullYear(),
    hour: there.getUTCHours(),
    minute: there.getUTCMinutes(),
    second: there.getUTCSeconds(),
  };
}

function zone(offset: number): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

/** `Tue, 24 Nov 2026 12:00:00 +0000` */
export function mailDate(date: MailDate): string {
  const t = local(date);
  const clock = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
  return `${t.weekday}, ${t.day} ${t.month} ${t.year} ${clock} ${zone(date.offset)}`;
}

/** `Mon, Nov 18, 2019 at 04:22:43PM -0800`, as mutt writes it above a quote. */
export function attributionDate(date: MailDate): string {
  const t = local(date);
  const hour = t.hour % 12 === 0 ? 12 : t.hour % 12;
  const clock = `${two(hour)}:${two(t.minute)}:${two(t.second)}${t.hour < 12 ? 'AM' : 'PM'}`;
  return `${t.weekday}, ${t.month} ${two(t.day)}, ${t.year} at ${clock} ${zone(date.offset)}`;
}

/** `20261124120000`, the date in UTC as a Message-ID begins. */
export function dateStamp(date: MailDate): string {
  return new Date(date.ms).toISOString().replace(/\D/g, '').slice(0, 14);
}

const NAMED_ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

/** Reads a Date header; null where it is none. An unknown zone counts as +0000. */
export function parseMailDate(text: string): MailDate | null {
  const found =
    /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[A-Za-z]+)?/.exec(text);
  if (found === null) return null;
  const [, day, monthName, year, hour, minute, second, zoneText] = found;
  const month = MONTHS.findIndex((name) => name.toLowerCase() === monthName?.toLowerCase());
  if (month < 0) return null;
  const offset = zoneOffset(zoneText ?? '');
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second ?? 0));
  return Number.isNaN(utc) ? null : { ms: utc - offset * 60_000, offset };
}

function zoneOffset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(text) ?? [];
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return NAMED_ZONES[text.toUpperCase()] ?? 0;
}
