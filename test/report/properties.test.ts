/** What holds for every trace, however long its names and wide its numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { armour, looksLikeTrailer } from '../../main/report/armour.ts';
import { columnsOf } from '../../main/report/columns.ts';
import { FORMATS } from '../../main/report/index.ts';
import { lintMail } from '../../main/report/lint-mail.ts';
import { raceTable } from '../../main/report/race-table.ts';
import { readMessage } from '../../main/report/raw-message.ts';
import { readReports } from '../../main/report/read-report.ts';
import { Refusal } from '../../main/report/refusal.ts';
import { parseTrace } from '../../main/report/trace-parse.ts';
import { traceText } from '../../main/report/trace-text.ts';
import { anyName, anyTrace, holds } from './arbitraries.ts';
import { failure, report, result } from './fixtures.ts';

/** A failing step for a trace: somewhere in it. */
function failingStep(trace: Trace, at: number): number {
  return at % stepCount(trace);
}

function harmless(line: string): void {
  expect(columnsOf(line)).toBeLessThanOrEqual(72);
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  expect(line).not.toMatch(/^(---|diff -|Index: |From |>From |#|-- >8 --)/);
  if (line !== '-- ') expect(line).toBe(line.trimEnd());
}

describe('every trace', () => {
  it('reads back from its text to the same trace, in ASCII of at most 72 columns', () => {
    holds(
      anyTrace,
      (trace) => {
        const text = traceText(trace);
        expect(parseTrace(text)).toEqual(trace);
        for (const line of text.split('\n')) expect(line).toMatch(/^[\x20-\x7e]{0,72}$/);
      },
      150,
    );
  }, 120_000);

  it('makes a race table that is harmless in a mail, with its failing step underlined', () => {
    holds(
      fc.tuple(anyTrace, fc.nat(), anyName),
      ([trace, at, message]) => {
        const table = raceTable(trace, { failingStep: failingStep(trace, at), message });
        for (const line of table) {
          harmless(line);
          expect(line).toMatch(/^($| {2})/);
        }
        expect(table.filter((line) => /^ *\^+/.test(line)).length).toBeGreaterThanOrEqual(1);
        expect(table.length).toBeLessThan(100);
      },
      150,
    );
  }, 120_000);

  it('makes a mail that no tool mistakes for something else', () => {
    holds(
      fc.tuple(anyTrace, fc.nat(), anyName, anyName, anyName),
      ([trace, at, check, message, experiment]) => {
        const failures = [failure(trace, failingStep(trace, at), check, message)];
        const value = report({
          results: [
            result({ experiment, kernel: 'pin-v5', verdict: 'fail', failures }),
            result({ experiment, kernel: '7.2' }),
          ],
        });
        const mail = FORMATS.reply.make(value);
        const body = mail.slice(mail.indexOf('\n\n') + 2);
        for (const line of body.trimEnd().split('\n')) {
          harmless(line);
          expect(looksLikeTrailer(line)).toBe(false);
        }
        expect(lintMail(mail).findings.filter((finding) => finding.severity === 'error')).toEqual([]);
        expect(lintMail(FORMATS.mbox.make(value)).findings.filter((finding) => finding.severity === 'error')).toEqual(
          [],
        );
        expect(lintMail(FORMATS.ktap.make(value)).findings.filter((finding) => finding.severity === 'error')).toEqual(
          [],
        );
      },
      80,
    );
  }, 120_000);
});

/** Runs something that may refuse its input, but must not fail in any other way. */
function understoodOrRefused(read: () => unknown): void {
  try {
    read();
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    expect(refusal.message).toMatch(/^[^\n]{10,}$/);
  }
}

describe('every input', () => {
  const anyHeader = fc.constantFrom(
    'From: A <a@x.example.org>',
    'Subject: =?utf-8?q?J=C3?=',
    'Content-Type: text/plain; charset=utf-8; format=flowed',
    'Content-Type: multipart/mixed; boundary="b"',
    'Content-Type: text/html',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    'References: <a> b <c',
    'To: "unclosed <x@y.example.org>, (comment, list:;',
    ' continued',
    'no header at all',
    '[<prev] [next>] [list]',
    'From mboxrd@z Thu Jan  1 00:00:00 1970',
    'KTAP version 1',
    '1..3',
  );
  const anyMessage = fc
    .tuple(
      fc.array(anyHeader, { maxLength: 8 }),
      fc.array(fc.oneof(anyName, fc.constantFrom('--b', '--b--', '=', '> x')), { maxLength: 20 }),
    )
    .map(([head, body]) => `${head.join('\n')}\n\n${body.join('\n')}`);

  it('is understood or refused with one sentence, as a message to answer', () => {
    holds(
      fc.oneof(anyMessage, fc.uint8Array({ maxLength: 300 })),
      (input) => {
        understoodOrRefused(() => readReports(readMessage(input).lines));
      },
      1000,
    );
  });

  it('can be checked', () => {
    holds(
      fc.oneof(anyMessage, fc.uint8Array({ maxLength: 300 })),
      (input) => {
        const { findings } = lintMail(input);
        const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
        for (const { line } of findings) expect(line).toBeLessThanOrEqual(text.split('\n').length + 1);
      },
      1000,
    );
  });

  it('is refused as a trace unless it is one, also when a line of one is damaged', () => {
    holds(
      fc.tuple(anyTrace, fc.nat(), anyName),
      ([trace, at, junk]) => {
        const lines = traceText(trace).split('\n');
        lines[at % lines.length] = junk.replace(/\n/g, ' ');
        understoodOrRefused(() => parseTrace(lines.join('\n')));
        understoodOrRefused(() => parseTrace(junk));
      },
      200,
    );
  }, 60_000);
});

describe('every line', () => {
  it('is harmless once it is armoured, and armouring again changes nothing', () => {
    holds(
      anyName.map((name) => name.replace(/[\p{C}\p{Z}]+/gu, ' ')),
      (line) => {
        const safe = armour(line);
        expect(looksLikeTrailer(safe)).toBe(false);
        expect(safe).not.toMatch(/^(---|diff -|Index: |From |#)/);
        expect(armour(safe)).toBe(safe);
      },
      2000,
    );
  });
});
