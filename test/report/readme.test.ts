/** The README shows the answer to the mail that all this began with: it must be what the program really writes. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { localDate, parentOf, reportOf } from '../../main/report/gather.ts';
import { mailBody } from '../../main/report/mail.ts';
import { runScenario } from './scenario-runs.ts';

/** Jan Kara's words, as the thread has them; his address is nobody's to guess. */
const PARENT = `From: Jan Kara
Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages
Date: Mon, 18 Nov 2019 12:58:29 +0100
Message-ID: <20191118115829.GJ17319@quack2.suse.cz>

Currently, FOLL_GET users can be completely agnostic of huge pages. So you
can e.g. GUP whole 2 MB page, submit it as 2 different bios and then
drop page references from each bio completion function. With your new
FOLL_PIN behavior you cannot do that and I believe it will be a problem for
some users.
`;
const KERNELS = ['pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '7.2'];

it('the README quotes the exported answer word for word', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, shown = ''] = /```text\n((?:On |A model of this)[^`]*?)```/.exec(readme) ?? [];
  expect(shown.split('\n').length).toBeGreaterThan(25);
  const budget = { states: 2_000_000, seconds: 120 };
  const { name, sha256, text, results } = await runScenario('two-bios.lab.ts', KERNELS, {
    only: 'one THP, FOLL_PIN',
    budget,
  });
  const report = reportOf({
    version: '0.1.0',
    engineVersion: '1',
    file: { name, sha256, text },
    results,
    bounds: budget,
    author: null,
    parent: parentOf(PARENT),
    date: localDate(0),
  });
  expect(mailBody({ ...report, quote: [0, 1, 2, 3, 4] })).toContain(shown);
}, 600_000);
