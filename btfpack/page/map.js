/* SPDX-License-Identifier: BSD-2-Clause */
/* The map: a grid of which only the rows in sight are made. */

const viewport = $('viewport'),
	grid = $('grid');
let rowHeight = 32,
	titleHeight = 32,
	drawn = { from: -1, to: -1, rows: new Map() };

const rowName = row =>
	`${row.kernel.distro} ${row.kernel.version_id} ${row.kernel.arch}` +
	(row.kernel.flavour ? ` ${row.kernel.flavour}` : '');

function cellLabel(row, column, cell) {
	if (!cell) return `${rowName(row)}, ${column}: no kernel`;
	const parts = statesNow()
		.map((state, i) => (cell.states[i] ? `${cell.states[i]} ${state.label}` : ''))
		.filter(Boolean);
	const states = parts.reverse().join(', ');
	return `${rowName(row)}, ${column}: ${count(cell.kernels.length, 'kernel')}: ${states}`;
}

function makeCell(row, r, column, c) {
	const cell = row.cells.get(column),
		state = cell && statesNow()[cell.worst];
	const element = make('div', {
		role: 'gridcell',
		class: cell ? `cell filled ${state.look}` : 'cell',
		'aria-colindex': c + 2,
		'aria-label': cellLabel(row, column, cell),
		id: `c${r}-${c}`,
		tabindex: r === active.row && c === active.column ? 0 : -1,
		'aria-selected': cell
			? String(Boolean(selected && selected.row === row.key && selected.column === column))
			: null,
	});
	if (!cell) return element;
	element.append(
		make('span', { class: 'mark', 'aria-hidden': 'true' }, state.mark),
		String(cell.kernels.length)
	);
	if (cell.states[cell.worst] < cell.kernels.length) {
		element.classList.add('mixed');
		const share = make('span', { class: 'share', 'aria-hidden': 'true' });
		statesNow().forEach((each, i) => {
			if (!cell.states[i]) return;
			const part = make('i', { class: each.look });
			part.style.flexGrow = cell.states[i];
			share.append(part);
		});
		element.append(share);
	}
	return element;
}

function makeRow(r) {
	const row = rows[r],
		previous = rows[r - 1];
	const first = previous && previous.kernel.distro !== row.kernel.distro;
	const again = previous && !first && previous.kernel.version_id === row.kernel.version_id;
	const element = make(
		'div',
		{
			role: 'row',
			class: `row body${first ? ' first' : ''}${again ? ' again' : ''}`,
			'aria-rowindex': r + 2,
		},
		make(
			'div',
			{ role: 'rowheader', class: 'name', 'aria-colindex': 1, title: rowName(row) },
			make('b', {}, `${row.kernel.distro} ${row.kernel.version_id}`),
			make(
				'small',
				{},
				row.kernel.arch + (row.kernel.flavour ? ` · ${row.kernel.flavour}` : '')
			)
		),
		columns.map((column, c) => makeCell(row, r, column, c))
	);
	element.style.top = `${titleHeight + r * rowHeight}px`;
	return element;
}

/* Draws the rows in sight, and the one that the keyboard is on; unless forced, drawn ones stay. */
function drawRows(force) {
	const height = viewport.clientHeight || 600,
		spare = 4;
	const from = Math.max(Math.floor((viewport.scrollTop - titleHeight) / rowHeight) - spare, 0);
	const to = Math.min(Math.ceil((viewport.scrollTop + height) / rowHeight) + spare, rows.length);
	if (!force && from === drawn.from && to === drawn.to) return;
	const held = force && grid.contains(document.activeElement) && document.activeElement.id;
	const wanted = new Set(rows.length ? [active.row] : []);
	for (let r = from; r < to; r++) wanted.add(r);
	drawn.from = from;
	drawn.to = to;
	for (const [r, element] of drawn.rows)
		if (force || !wanted.has(r)) {
			element.remove();
			drawn.rows.delete(r);
		}
	/* In their order, which is that of the accessibility tree, too. */
	let before = grid.firstElementChild;
	for (const r of [...wanted].sort((a, b) => a - b)) {
		let element = drawn.rows.get(r);
		if (!element) {
			drawn.rows.set(r, (element = makeRow(r)));
			before.after(element);
		}
		before = element;
	}
	if (held && $(held)) $(held).focus({ preventScroll: true });
}

function draw() {
	const held = grid.contains(document.activeElement) && document.activeElement.id;
	const narrow = matchMedia('(max-width: 40rem)').matches;
	rowHeight = narrow ? 44 : 32;
	grid.style.setProperty('--columns', columns.length);
	grid.style.height = `${titleHeight + rows.length * rowHeight + 2}px`;
	grid.setAttribute('aria-rowcount', rows.length + 1);
	grid.setAttribute('aria-colcount', columns.length + 1);
	grid.replaceChildren(
		make(
			'div',
			{ role: 'row', class: 'row titles', 'aria-rowindex': 1 },
			make(
				'div',
				{ role: 'columnheader', class: 'name', 'aria-colindex': 1 },
				'Distribution'
			),
			columns.map((column, c) =>
				make('div', { role: 'columnheader', 'aria-colindex': c + 2 }, column)
			)
		)
	);
	$('nothing').hidden = rows.length > 0;
	grid.hidden = rows.length === 0;
	drawRows(true);
	if (held && $(held)) $(held).focus({ preventScroll: true });
}

function update() {
	const shown = arrange();
	draw();
	const where = `in ${count(rows.length, 'row')}`;
	$('status').textContent =
		shown === kernels.length
			? `${count(shown, 'kernel')} ${where}`
			: `${number.format(shown)} of ${count(kernels.length, 'kernel')} shown, ${where}`;
	$('only').hidden = filter.outcome === null;
	if (filter.outcome !== null)
		$('only').replaceChildren(
			`Only outcome ${filter.outcome + 1}`,
			make(
				'button',
				{ type: 'button', class: 'link', onclick: () => onlyOutcome(null) },
				'show all'
			)
		);
}

/* Brings a cell into sight and gives it the focus. */
function goTo(row, column) {
	const left = $(`c${active.row}-${active.column}`);
	if (left) left.tabIndex = -1;
	active.row = Math.max(0, Math.min(row, rows.length - 1));
	active.column = Math.max(0, Math.min(column, columns.length - 1));
	const top = active.row * rowHeight,
		space = viewport.clientHeight - titleHeight - rowHeight;
	if (top < viewport.scrollTop) viewport.scrollTop = top;
	else if (top > viewport.scrollTop + space) viewport.scrollTop = top - space;
	drawRows(false);
	const cell = $(`c${active.row}-${active.column}`);
	if (!cell) return;
	cell.tabIndex = 0;
	cell.focus({ preventScroll: true });
	const start = cell.offsetLeft - grid.querySelector('.name').offsetWidth - 4;
	if (start < viewport.scrollLeft) viewport.scrollLeft = start;
	else if (cell.offsetLeft + cell.offsetWidth + 4 > viewport.scrollLeft + viewport.clientWidth)
		viewport.scrollLeft = cell.offsetLeft + cell.offsetWidth + 4 - viewport.clientWidth;
}

function onGridKey(event) {
	const page = Math.max(Math.floor(viewport.clientHeight / rowHeight) - 2, 1);
	const { row, column } = active,
		last = columns.length - 1;
	const all = event.ctrlKey || event.metaKey;
	const moves = {
		ArrowUp: [row - 1, column],
		ArrowDown: [row + 1, column],
		ArrowLeft: [row, column - 1],
		ArrowRight: [row, column + 1],
		Home: [all ? 0 : row, 0],
		End: [all ? rows.length - 1 : row, last],
		PageUp: [row - page, column],
		PageDown: [row + page, column],
	};
	if (event.altKey || !event.target.matches('[role="gridcell"]')) return;
	if (event.key === 'Enter' || event.key === ' ') {
		event.preventDefault();
		select(row, column, true);
	} else if (moves[event.key]) {
		event.preventDefault();
		goTo(...moves[event.key]);
	}
}
