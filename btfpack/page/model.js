/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of `btfpack coverage --html` draws docs/schema/coverage.json.  btfpack joins model, map,
 * details, sections and main, in this order, into one script.  Every text of the document becomes a
 * text node, never markup.  Of the map only the rows in sight exist as elements, so that it is as
 * quick with ten thousand kernels as with ten.
 */
'use strict';

const doc = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);

/* An element with attributes and children; strings become text. */
function make(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (name === 'onclick') element.addEventListener('click', value);
		else if (value === true) element.setAttribute(name, '');
		else if (value !== false && value !== null && value !== undefined)
			element.setAttribute(name, value);
	}
	element.append(...children.flat().filter(child => child !== null && child !== undefined));
	return element;
}

const number = new Intl.NumberFormat('en');
const count = (n, noun) => `${number.format(n)} ${noun}${n === 1 ? '' : 's'}`;
const natural = new Intl.Collator('en', { numeric: true });

/* States from the best to the worst: a cell shows the worst of its kernels. */
const OUTCOMES = [
	{ key: 'none', look: 'none', mark: '–', label: 'no object' },
	{ key: 'resolves', look: 'resolves', mark: '●', label: 'all relocations resolve' },
	{ key: 'fallbacks', look: 'fallbacks', mark: '◐', label: 'with fallbacks' },
	{ key: 'fails', look: 'fails', mark: '✕', label: 'fails' },
];
const CHANGES = [
	{ key: 'unchanged', look: 'none', mark: '=', label: 'unchanged' },
	{ key: 'changed', look: 'fallbacks', mark: '~', label: 'changed' },
	{ key: 'won', look: 'resolves', mark: '+', label: 'won' },
	{ key: 'lost', look: 'fails', mark: '−', label: 'lost' },
];
const RESULTS = {
	absent: ['○', 'not there, and the program is told so'],
	guarded: ['◐', 'not there, and a test keeps the program away'],
	poisoned: ['✕', 'not there, and the program comes to it'],
	refused: ['✕', 'ambiguous or impossible: libbpf refuses the object'],
};
const ROLES = {
	required: 'required',
	optional: 'optional: left out where it fails',
	off: 'off unless its loader wants it',
	replaced: 'fails; its alternative takes its place',
	alternative: 'an alternative that is not needed here',
};
const GROUPS = {
	kernel_btf: ['resolves', '●', 'ready by kernel BTF'],
	shipped_btf: ['resolves', '●', 'ready by shipped BTF'],
	no_btf_needed: ['resolves', '●', 'ready without BTF'],
	needs_build: ['fallbacks', '◐', 'needs a build'],
	blocked: ['fails', '✕', 'blocked'],
	unknown: ['none', '?', 'unknown'],
};

const stateIndex = Object.fromEntries(OUTCOMES.map((state, i) => [state.key, i]));
const changeIndex = Object.fromEntries(CHANGES.map((state, i) => [state.key, i]));

/* "cloud" of "6.1.0-54-cloud-amd64", "rt" of "4.18.0-348.rt7.130.el8.x86_64". */
function flavourOf(release) {
	const words = release
		.split(/[.\-+_]/)
		.filter(
			word =>
				/^[a-z]/i.test(word) &&
				!/^(amd64|x86|arm64|aarch64|i[3-6]86|armv7l|ppc64le|s390x|riscv64|generic|default)$/i.test(
					word
				) &&
				!/^(el|fc|amzn|deb|bpo|rc|g[0-9a-f]{6,}|p|f|b)\d/i.test(word)
		);
	return words.map(word => word.replace(/\d+$/, '')).join('-');
}

function seriesOf(release) {
	const found = /^(\d+)\.(\d+)/.exec(release);
	return found ? `${found[1]}.${found[2]}` : release;
}

/* What a search looks through besides the kernel itself: programs and fields of its outcome. */
const outcomeText = doc.outcomes.map(outcome =>
	outcome.programs
		.map(program =>
			[program.program, ...program.findings.map(finding => finding.field)].join('\n')
		)
		.join('\n')
		.toLowerCase()
);

const kernels = doc.kernels.map((kernel, index) => {
	const state = kernel.outcome === null ? 0 : stateIndex[doc.outcomes[kernel.outcome].state];
	return {
		...kernel,
		index,
		state,
		change: changeIndex.unchanged,
		series: seriesOf(kernel.release),
		flavour: flavourOf(kernel.release),
		text: `${kernel.distro} ${kernel.version_id} ${kernel.arch} ${kernel.release}`.toLowerCase(),
	};
});

/* Rows and columns that all kernels have together, sorted once; a filter leaves some of them. */
const rowKey = kernel =>
	`${kernel.distro}\n${kernel.version_id}\n${kernel.arch}\n${kernel.flavour}`;
const byPlace = (a, b) =>
	natural.compare(a.distro, b.distro) ||
	natural.compare(a.version_id, b.version_id) ||
	natural.compare(a.arch, b.arch) ||
	natural.compare(a.flavour, b.flavour);
const allRows = [...new Map(kernels.map(kernel => [rowKey(kernel), kernel])).entries()].sort(
	(a, b) => byPlace(a[1], b[1])
);
const allColumns = [...new Set(kernels.map(kernel => kernel.series))].sort(natural.compare);
const placeOfRow = new Map(allRows.map(([key], place) => [key, place]));
for (const kernel of kernels) kernel.row = placeOfRow.get(rowKey(kernel));

for (const change of doc.since ? doc.since.changes : [])
	for (const index of change.kernels) {
		kernels[index].change = changeIndex[change.change];
		kernels[index].changed = change;
	}

const filter = { words: [], distro: '', arch: '', states: new Set(), outcome: null };
let byChange = Boolean(doc.since);
const statesNow = () => (byChange ? CHANGES : OUTCOMES);
const stateOf = kernel => (byChange ? kernel.change : kernel.state);

/* The map: rows with their cells, and the columns that any of them has. */
let rows = [],
	columns = [];
/* Where the keyboard is, and what the details are about: by name, so that it outlives filters. */
let active = { row: 0, column: 0 };
let selected = null;

function matches(kernel) {
	if (
		(filter.distro && kernel.distro !== filter.distro) ||
		(filter.arch && kernel.arch !== filter.arch)
	)
		return false;
	if (
		(filter.outcome !== null && kernel.outcome !== filter.outcome) ||
		!filter.states.has(stateOf(kernel))
	)
		return false;
	return filter.words.every(
		word => kernel.text.includes(word) || filter.inOutcome.get(word)[kernel.outcome]
	);
}

function arrange() {
	const found = new Array(allRows.length),
		series = new Set();
	let shown = 0;
	filter.inOutcome = new Map(
		filter.words.map(word => [word, outcomeText.map(text => text.includes(word))])
	);
	for (const kernel of kernels) {
		if (!matches(kernel)) continue;
		const row = (found[kernel.row] ||= {
			key: allRows[kernel.row][0],
			kernel,
			cells: new Map(),
		});
		let cell = row.cells.get(kernel.series);
		if (!cell)
			row.cells.set(kernel.series, (cell = { kernels: [], worst: 0, states: [0, 0, 0, 0] }));
		cell.kernels.push(kernel);
		cell.states[stateOf(kernel)]++;
		cell.worst = Math.max(cell.worst, stateOf(kernel));
		series.add(kernel.series);
		shown++;
	}
	rows = found.filter(Boolean);
	columns = allColumns.filter(column => series.has(column));
	active.row = Math.min(active.row, Math.max(rows.length - 1, 0));
	active.column = Math.min(active.column, Math.max(columns.length - 1, 0));
	return shown;
}
