// SPDX-License-Identifier: BSD-2-Clause
// How long the page takes, as the browser's own clock has it: bench.mjs PAGE...
import { readFileSync } from 'node:fs';
import { launch, open } from './browser.mjs';

const TIMES = 5;
const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Until the change that a search makes is laid out and painted.
const timeSearch = (page, text) =>
	page.evaluate(async words => {
		const search = document.getElementById('search');
		const start = performance.now();
		search.value = words;
		search.dispatchEvent(new Event('input'));
		document.body.getBoundingClientRect();
		const script = performance.now() - start;
		await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
		return [script, performance.now() - start];
	}, text);

const timeScroll = page =>
	page.evaluate(async () => {
		const viewport = document.getElementById('viewport');
		let worst = 0;
		for (let top = 0; top < viewport.scrollHeight; top += 400) {
			const start = performance.now();
			viewport.scrollTop = top;
			await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
			worst = Math.max(worst, performance.now() - start);
		}
		return worst;
	});

const browser = await launch();
for (const file of process.argv.slice(2)) {
	const loads = [],
		scripts = [],
		paints = [],
		scrolls = [];
	for (let i = 0; i < TIMES; i++) {
		const { context, page } = await open(browser, file);
		// From the first byte to the end of the script, and to the first paint with the map in it.
		loads.push(
			await page.evaluate(() =>
				Math.max(
					performance.getEntriesByType('navigation')[0].domComplete,
					performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
				)
			)
		);
		for (const text of ['u', 'ubuntu aws', 'task_struct', '']) {
			const [script, paint] = await timeSearch(page, text);
			scripts.push(script);
			paints.push(paint);
		}
		scrolls.push(await timeScroll(page));
		await context.close();
	}
	const { kernels } = JSON.parse(
		/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(
			readFileSync(file, 'utf8')
		)[1]
	);
	const megabytes = (readFileSync(file).length / 1e6).toFixed(1);
	console.log(
		`${String(kernels.length).padStart(7)} kernels, ${megabytes} MB: ` +
			`loaded and painted ${median(loads).toFixed(0)} ms, search ${median(scripts).toFixed(0)} ms ` +
			`(worst ${Math.max(...scripts).toFixed(0)}), painted ${median(paints).toFixed(0)} ms, ` +
			`worst step of scrolling ${median(scrolls).toFixed(0)} ms`
	);
}
await browser.close();
