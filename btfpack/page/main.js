/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters, theme, and what happens when. */

function onlyOutcome(outcome) {
	filter.outcome = outcome;
	if (outcome !== null) {
		filter.states = new Set(statesNow().keys());
		drawStates();
	}
	update();
	$('map-heading').scrollIntoView({ block: 'nearest' });
}

function drawStates() {
	const states = statesNow(),
		used = new Set(kernels.map(stateOf));
	$('states').replaceChildren(
		make('legend', {}, byChange ? `Since ${doc.since.version}` : 'Outcome'),
		...states
			.map((state, i) => {
				if (!used.has(i)) return null;
				const box = make('input', { type: 'checkbox', value: i });
				box.checked = filter.states.has(i);
				return make(
					'label',
					{ class: `check ${state.look}` },
					box,
					make('span', { class: 'mark', 'aria-hidden': 'true' }, state.mark),
					state.label
				);
			})
			.filter(Boolean)
			.reverse()
	);
}

function drawModes() {
	if (!doc.since) return;
	const button = (label, change) =>
		make(
			'button',
			{
				type: 'button',
				'aria-pressed': String(byChange === change),
				onclick: () => {
					byChange = change;
					resetFilters();
					$('modes').querySelector('[aria-pressed="true"]').focus();
				},
			},
			label
		);
	$('modes').replaceChildren(
		button(`Change since ${doc.since.version}`, true),
		button('Outcome', false)
	);
}

function fillSelect(select, label, values) {
	select.replaceChildren(
		make('option', { value: '' }, label),
		...[...new Set(values)].sort(natural.compare).map(value => make('option', { value }, value))
	);
}

function resetFilters() {
	$('filters').reset();
	Object.assign(filter, {
		words: [],
		distro: '',
		arch: '',
		outcome: null,
		states: new Set(statesNow().keys()),
	});
	selected = null;
	drawModes();
	drawStates();
	$('details').replaceChildren(...hint());
	update();
}

/* Light, dark, or what the system says; a page from a file may not be allowed to remember. */
const THEMES = ['auto', 'light', 'dark'];
const dark = matchMedia('(prefers-color-scheme: dark)');

function remember(theme) {
	try {
		localStorage.setItem('theme', theme);
	} catch {
		/* then it is as the system says next time */
	}
}

function recall() {
	try {
		return THEMES.includes(localStorage.getItem('theme'))
			? localStorage.getItem('theme')
			: 'auto';
	} catch {
		return 'auto';
	}
}

let theme = recall();

function applyTheme() {
	const isDark = theme === 'dark' || (theme === 'auto' && dark.matches);
	document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
	$('theme').textContent = `Theme: ${theme}`;
}

function start() {
	const title = doc.application
		? `${doc.application.name} ${doc.application.version}`
		: doc.objects.length === 1
			? doc.objects[0].name
			: count(doc.objects.length, 'object');
	document.title = `BTF coverage of ${title}`;
	$('title').textContent = title;
	$('subtitle').textContent =
		`${count(doc.objects.length, 'object')}, ` +
		`${count(
			doc.objects.reduce((sum, object) => sum + object.programs.length, 0),
			'program'
		)}, ` +
		`${count(
			doc.objects.reduce((sum, object) => sum + object.relocations, 0),
			'relocation'
		)}`;
	applyTheme();
	drawTiles();
	fillSelect(
		$('distro'),
		'all',
		kernels.map(kernel => kernel.distro)
	);
	fillSelect(
		$('arch'),
		'all',
		kernels.map(kernel => kernel.arch)
	);
	resetFilters();
	drawChanges();
	drawHosts();
	drawOutcomes();
	drawObjects();
}

$('theme').addEventListener('click', () => {
	theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
	remember(theme);
	applyTheme();
});
dark.addEventListener('change', applyTheme);
$('search').addEventListener('input', event => {
	filter.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
	update();
});
for (const name of ['distro', 'arch'])
	$(name).addEventListener('change', event => {
		filter[name] = event.target.value;
		update();
	});
$('states').addEventListener('change', event => {
	if (event.target.checked) filter.states.add(Number(event.target.value));
	else filter.states.delete(Number(event.target.value));
	update();
});
$('filters').addEventListener('submit', event => event.preventDefault());
$('all').addEventListener('click', resetFilters);
$('clear').addEventListener('click', () => {
	resetFilters();
	$('search').focus();
});
viewport.addEventListener('scroll', () => drawRows(false), { passive: true });
grid.addEventListener('keydown', onGridKey);
grid.addEventListener('click', event => {
	const cell = event.target.closest('[role="gridcell"]');
	if (!cell) return;
	const [r, c] = cell.id.slice(1).split('-').map(Number);
	active = { row: r, column: c };
	select(r, c, false);
	goTo(r, c);
	/* Where there is no room beside the map, they are below it. */
	if (selected && matchMedia('(max-width: 60rem)').matches)
		$('details').scrollIntoView({ block: 'nearest' });
});
document.addEventListener('keydown', event => {
	const inText = event.target.matches('input, select, textarea');
	if (event.key === '/' && !inText && !event.ctrlKey && !event.metaKey && !event.altKey) {
		event.preventDefault();
		$('search').focus();
	} else if (event.key === 'Escape' && $('details').contains(document.activeElement)) {
		goTo(active.row, active.column);
	}
});
addEventListener('resize', () => draw());
start();
