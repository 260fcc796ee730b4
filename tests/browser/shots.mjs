// SPDX-License-Identifier: BSD-2-Clause
// Screenshots for people to look at: shots.mjs PAGE DIRECTORY
import { launch, open } from './browser.mjs';

const [file, directory] = process.argv.slice(2);
const browser = await launch();

for (const [name, options] of Object.entries({
	'wide-light': { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' },
	'wide-dark': { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' },
	'narrow-light': { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true },
	'narrow-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true },
})) {
	const { context, page, problems } = await open(browser, file, options);
	await page.locator('[role="gridcell"].filled').first().click();
	await page.screenshot({ path: `${directory}/${name}.png` });
	await page.evaluate(() => scrollTo(0, 0));
	await page.screenshot({ path: `${directory}/${name}-top.png` });
	if (await page.locator('#hosts-section').isVisible())
		await page.locator('#hosts-section').screenshot({ path: `${directory}/${name}-hosts.png` });
	await page.locator('#outcomes summary').first().click();
	await page.locator('#outcomes').screenshot({ path: `${directory}/${name}-outcomes.png` });
	await context.close();
	for (const problem of problems) console.log(`${name}: ${problem}`);
}
await browser.close();
