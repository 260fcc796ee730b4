// SPDX-License-Identifier: BSD-2-Clause
// What the page does in a browser: page.mjs PAGE HOSTS MANY prints `ok CASE` or `failed CASE: why`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { launch, open } from './browser.mjs';

const [file, hosts, many] = process.argv.slice(2);
const dataOf = path =>
	JSON.parse(
		/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(
			readFileSync(path, 'utf8')
		)[1]
	);
const doc = dataOf(file);

const cells = page => page.locator('[role="gridcell"].filled');
const focused = page => page.evaluate(() => document.activeElement.id);

// WCAG's contrast of a colour on another, both as the browser computed them.
function contrast(a, b) {
	const luminance = colour => {
		const [red, green, blue] = colour
			.match(/[\d.]+/g)
			.slice(0, 3)
			.map(Number)
			.map(part => part / 255)
			.map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (light + 0.05) / (dark + 0.05);
}

const CASES = {
	async 'shows each kernel in its cell'(page) {
		const labels = await cells(page).evaluateAll(all =>
			all.map(cell => cell.getAttribute('aria-label'))
		);
		assert.equal(labels.length, doc.kernels.length); // each of them is a row or series of its own
		assert.ok(
			labels.some(label =>
				label.startsWith('debian 11 x86_64 cloud, 5.10: 1 kernel: 1 lost')
			),
			labels.join('\n')
		);
		assert.equal(await page.getByRole('status').textContent(), '4 kernels in 4 rows');
		assert.equal(await page.getByRole('columnheader').count(), 5);
	},

	async 'a click tells which program and which field'(page) {
		await page.locator('[aria-label^="debian 11"].filled').click();
		const details = page.locator('#details');
		await details.getByText('unguarded', { exact: true }).first().waitFor();
		assert.match(
			await details.textContent(),
			/___since_5_14\.__state \(byte offset\): not there, and the program comes to it/
		);
		assert.match(await details.textContent(), /since 1: before fallbacks, now fails/);
		assert.match(await details.textContent(), /5\.10\.0-46-cloud-amd64/);
	},

	async 'kernels that share the outcome are named, and can be had alone'(page) {
		await page.getByRole('button', { name: 'Outcome', exact: true }).click();
		await page.locator('[aria-label^="debian 12 x86_64"].filled').click();
		await page.getByText('Same outcome: 3 kernels').click();
		assert.match(await page.locator('#details').textContent(), /7\.3\.4\+deb13-cloud-amd64/);
		await page.getByRole('button', { name: 'Show only these', exact: true }).click();
		assert.match(await page.getByRole('status').textContent(), /^3 of 4 kernels shown/);
		await page.getByRole('button', { name: 'show all' }).click();
		assert.match(await page.getByRole('status').textContent(), /^4 kernels/);
	},

	async 'the keyboard alone is enough'(page) {
		await page.keyboard.press('/');
		assert.equal(await focused(page), 'search');
		for (let i = 0; i < 12 && !(await focused(page)).startsWith('c'); i++)
			await page.keyboard.press('Tab');
		assert.equal(await focused(page), 'c0-0');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('End');
		assert.equal(await focused(page), 'c1-3');
		await page.keyboard.press('Control+Home');
		assert.equal(await page.locator('#grid [tabindex="0"]').count(), 1);
		await page.keyboard.press('Enter');
		assert.equal(await focused(page), 'details-heading');
		await page.keyboard.press('Escape');
		assert.equal(await focused(page), 'c0-0');
	},

	async 'a search finds releases, programs and fields'(page) {
		const search = page.getByRole('searchbox'),
			status = page.getByRole('status');
		for (const [text, found] of [
			['6.12.43', 1],
			['debian x86_64', 3],
			['__state', 1],
			['before_5_14.state', 3],
			['OPTIONAL_one 7.3', 1],
		]) {
			await search.fill(text);
			assert.equal(await cells(page).count(), found, text);
		}
		await search.fill('no such thing');
		assert.match(await status.textContent(), /^0 of 4 kernels shown/);
		await page.getByRole('button', { name: 'Reset the filters' }).click();
		assert.equal(await cells(page).count(), 4);
	},

	async 'filters narrow the map, and say how far'(page) {
		const status = page.getByRole('status');
		await page.getByLabel('Architecture').selectOption('arm64');
		assert.match(await status.textContent(), /^1 of 4 kernels shown, in 1 row$/);
		await page.getByRole('button', { name: 'Reset', exact: true }).click();
		await page.getByRole('checkbox', { name: 'lost' }).uncheck();
		assert.match(await status.textContent(), /^3 of 4 kernels shown/);
		assert.equal(await status.getAttribute('aria-live'), 'polite');
	},

	async 'a screen reader is told what is where'(page) {
		const grid = page.getByRole('grid', { name: 'Kernels' });
		assert.equal(await grid.getAttribute('aria-rowcount'), '5');
		assert.equal(await grid.getAttribute('aria-colcount'), '5');
		assert.equal(await grid.getByRole('rowheader').count(), 4);
		const unnamed = await page
			.locator('button, input, select')
			.evaluateAll(
				all =>
					all.filter(
						each => !each.labels?.length && !each.textContent.trim() && !each.ariaLabel
					).length
			);
		assert.equal(unnamed, 0);
		assert.equal(await page.locator('h1').count(), 1);
		assert.equal(await page.locator('html').getAttribute('lang'), 'en');
	},

	async 'light and dark can be read, as the system says or as the button does'(page) {
		for (const scheme of ['light', 'dark']) {
			await page.emulateMedia({ colorScheme: scheme });
			await page.locator(`html[data-theme="${scheme}"]`).waitFor();
			for (const where of [
				'#grid .filled.fails',
				'#grid .filled.resolves',
				'#tiles .tile',
				'.filters .check',
			]) {
				const { ink, paper } = await page
					.locator(where)
					.first()
					.evaluate(element => {
						const style = getComputedStyle(element);
						return { ink: style.color, paper: style.backgroundColor };
					});
				assert.ok(
					contrast(ink, paper) >= 4.5,
					`${scheme} ${where}: ${contrast(ink, paper)}`
				);
			}
			const [muted, page_] = await page.evaluate(() => [
				getComputedStyle(document.querySelector('.muted')).color,
				getComputedStyle(document.body).backgroundColor,
			]);
			assert.ok(contrast(muted, page_) >= 4.5, `${scheme} muted`);
		}
		await page.emulateMedia({ colorScheme: 'light' });
		await page.locator('#theme').click();
		await page.locator('#theme').click();
		assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
	},

	async 'a state is not told by colour alone'(page) {
		await page.getByRole('button', { name: 'Outcome', exact: true }).click();
		const looks = await cells(page).evaluateAll(all =>
			all.map(cell =>
				[
					cell.querySelector('.mark').textContent,
					getComputedStyle(cell).backgroundImage !== 'none',
				].join()
			)
		);
		assert.deepEqual([...new Set(looks)].sort(), ['◐,true', '✕,true'].sort());
	},

	async 'a small screen shows all of it'(page) {
		await page.setViewportSize({ width: 360, height: 700 });
		await cells(page).first().click();
		const { wide, seen } = await page.evaluate(() => ({
			wide: document.documentElement.scrollWidth,
			seen: document.documentElement.clientWidth,
		}));
		assert.ok(wide <= seen, `${wide} > ${seen}`);
		assert.ok(await page.locator('#details-heading').isVisible());
	},

	async 'hosts are told what to do, and names are text, whatever they are'(page) {
		const text = await page.locator('#hosts').textContent();
		for (const { reason, commands } of dataOf(hosts).inventory.groups)
			for (const expected of [reason, ...commands.map(each => each.command)])
				assert.ok(text.includes(expected), expected);
		assert.ok(text.includes('</script><img src=x onerror="document.title=1">'), text);
		assert.equal(await page.locator('img').count(), 0);
		assert.equal(await page.title(), 'BTF coverage of fields 2');
	},

	async 'ten thousand kernels are as many elements as fit in sight'(page) {
		const { summary } = dataOf(many);
		assert.equal(summary.kernels, 10000);
		assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 4000);
		await cells(page).first().focus();
		await page.keyboard.press('Control+End');
		const rows = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
		assert.equal(
			await page.evaluate(() =>
				document.activeElement.parentElement.getAttribute('aria-rowindex')
			),
			String(rows)
		);
		assert.ok(
			await page.evaluate(() => {
				const cell = document.activeElement.getBoundingClientRect(),
					seen = document.getElementById('viewport').getBoundingClientRect();
				return (
					cell.top >= seen.top && cell.bottom <= seen.bottom && cell.right <= seen.right
				);
			})
		);
		await page.getByRole('searchbox').fill('ubuntu 22.04 aws');
		assert.match(
			await page.getByRole('status').textContent(),
			/^[\d,]+ of 10,000 kernels shown/
		);
	},
};

const browser = await launch();
for (const [name, run] of Object.entries(CASES)) {
	const which = name.startsWith('hosts') ? hosts : name.startsWith('ten thousand') ? many : file;
	const { context, page, problems } = await open(browser, which);
	page.setDefaultTimeout(10000);
	try {
		await run(page);
		// No error, nothing that the policy forbids, nothing from a network.
		assert.deepEqual(problems, []);
		console.log(`ok ${name}`);
	} catch (error) {
		console.log(`failed ${name}: ${error.message}`);
	}
	await context.close();
}
await browser.close();
