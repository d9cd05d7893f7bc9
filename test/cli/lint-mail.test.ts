import { expect, test } from 'vitest';
import { cli, folderWith } from './cli.ts';

const MAIL = `From: A <a@example.org>
To: b@example.org
Subject: Re: [PATCH] mm: x
Date: Tue, 24 Nov 2026 12:00:00 +0000
Message-ID: <1@example.org>
In-Reply-To: <0@example.org>
References: <0@example.org>

`;

const folder = (): string =>
  folderWith({
    'good.eml': `${MAIL}It does not.\n`,
    'bad.eml': `${MAIL}Look:\n\tR buf\n---\ndiff --git a/x b/x\n`,
  });

test('a mail that nothing is wrong with', async () => {
  const { status, out } = await cli(['lint-mail', 'good.eml'], folder());
  expect([status, out]).toEqual([0, 'good.eml: nothing to mend in this mail file\n']);
});

test('what would be lost is named with its line, and the status says so', async () => {
  const { status, out } = await cli(['lint-mail', 'bad.eml', 'good.eml'], folder());
  expect(status).toBe(1);
  expect(out).toMatch(/^bad\.eml:1\d: error: .* \[column-0\]$/m);
});

test('no file, a missing file', async () => {
  expect((await cli(['lint-mail'], folder())).status).toBe(2);
  const missing = await cli(['lint-mail', 'none.eml'], folder());
  expect([missing.status, missing.err]).toEqual([
    2,
    'gupbook: cannot read none.eml: there is no such file: check the path\n',
  ]);
});
