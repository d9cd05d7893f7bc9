import { expect, test } from 'vitest';
import { lintMail } from '../../main/report/lint-mail.ts';
import { cli } from './cli.ts';

test('the demonstration shows the verdicts of the case and a reply that a mailing list takes', async () => {
  const { status, out, err } = await cli(['demo'], '/');
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const [verdicts = '', mail = ''] = out.split('The reply that these results make:\n\n');
  const lines = verdicts.split('\n').slice(1);
  expect(lines[0]?.trim().split(/\s+/)).toEqual(['5.6', 'v5', 'v6', 'v7', 'bias', '7.2']);
  expect(lines[1]).toMatch(/^ {2}- +FAIL +ok +ok +ok +ok +two bios over one THP, FOLL_PIN$/);
  expect(lines[2]).toMatch(/^ {2}ok +ok +ok +ok +ok +ok +two bios over one THP, FOLL_GET$/);
  expect(mail).toContain('In-Reply-To: <8424f891-271d-5c34-8f7c-ebf3e3aa6664@nvidia.com>');
  expect(mail).toContain('-523263');
  expect(lintMail(mail).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
}, 120_000);
