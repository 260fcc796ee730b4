// SPDX-License-Identifier: BSD-2-Clause
// Debian's Chromium for a test, without a network: what a page asks for beside itself is a problem.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

// Where `npm ci` put it: outside of the tree, which a build does not change.
const require = createRequire(`${process.env.BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');

export const launch = () =>
	chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		// As root there is no sandbox; /dev/shm is small in containers.
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
	});

// Opens a file in a browser that remembers nothing of others; problems grow while the page lives.
export async function open(browser, file, options = {}) {
	const context = await browser.newContext({
		viewport: { width: 1440, height: 1000 },
		offline: true,
		...options,
	});
	const page = await context.newPage();
	const problems = [];
	page.on('pageerror', error => problems.push(`error: ${error.message}`));
	page.on('console', message => {
		if (message.type() === 'error' || message.type() === 'warning')
			problems.push(`${message.type()}: ${message.text()}`);
	});
	page.on('request', request => {
		if (request.url() !== pathToFileURL(resolve(file)).href)
			problems.push(`asks for ${request.url()}`);
	});
	await page.goto(pathToFileURL(resolve(file)).href);
	return { context, page, problems };
}
