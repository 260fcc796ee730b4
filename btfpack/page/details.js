/* SPDX-License-Identifier: BSD-2-Clause */
/* Why: programs and fields behind a cell or an outcome, and the kernels that share it. */

/* A program's findings: those that make it fail first. */
function findingsList(findings) {
	const weight = { refused: 0, poisoned: 1, guarded: 2, absent: 3 };
	const looks = {
		refused: 'fails',
		poisoned: 'fails',
		guarded: 'fallbacks',
		absent: 'fallbacks',
	};
	return make(
		'ul',
		{ class: 'findings' },
		[...findings]
			.sort((a, b) => weight[a.result] - weight[b.result])
			.map(finding =>
				make(
					'li',
					{ class: looks[finding.result] },
					make(
						'span',
						{ class: 'mark', 'aria-hidden': 'true' },
						RESULTS[finding.result][0]
					),
					' ',
					make('code', {}, finding.field),
					' ',
					make(
						'span',
						{ class: 'muted' },
						`(${finding.asks}): ${RESULTS[finding.result][1]}`
					)
				)
			)
	);
}

function programItem(program) {
	const object = doc.objects.length > 1 ? ` of ${doc.objects[program.object].name}` : '';
	return make(
		'div',
		{ class: 'program' },
		make(
			'p',
			{},
			make('b', { class: 'mono' }, program.program),
			make('span', { class: 'muted' }, `${object} · ${ROLES[program.role]}`)
		),
		findingsList(program.findings)
	);
}

/* Programs that fail are shown, what is handled well is folded. */
function programsOf(outcome) {
	const bad = outcome.programs.filter(program => program.state === 'fails');
	const well = outcome.programs.filter(program => program.state !== 'fails');
	const parts = bad.map(programItem);
	if (!outcome.programs.length)
		parts.push(make('p', { class: 'muted' }, 'Every relocation finds what it asks for.'));
	if (well.length)
		parts.push(
			make(
				'details',
				{ open: !bad.length && well.length <= 3 },
				make('summary', {}, `${count(well.length, 'program')} with fallbacks`),
				well.map(programItem)
			)
		);
	return parts;
}

function stateLabel(state) {
	return make(
		'span',
		{ class: `state ${state.look}` },
		make('span', { class: 'mark', 'aria-hidden': 'true' }, state.mark),
		state.label
	);
}

/* Kernels, for each distribution, version and architecture its releases. */
function kernelGroups(list) {
	const groups = new Map();
	for (const kernel of list) {
		const key = `${kernel.distro} ${kernel.version_id} ${kernel.arch}`;
		groups.set(key, [...(groups.get(key) || []), kernel.release]);
	}
	return make(
		'ul',
		{ class: 'kernels' },
		[...groups].map(([key, releases]) =>
			make(
				'li',
				{},
				make('b', {}, `${key}: `),
				make('span', { class: 'mono' }, releases.join(', '))
			)
		)
	);
}

/* programs: all of those that changed, or some. */
function changeItem(change, programs) {
	const states = `before ${change.before || 'no object'}, now ${change.after || 'no object'}`;
	return [
		make(
			'p',
			{},
			stateLabel(CHANGES[changeIndex[change.change]]),
			make('span', { class: 'muted' }, ` since ${doc.since.version}: ${states}`)
		),
		programs.map(program =>
			make(
				'div',
				{ class: 'program' },
				make(
					'p',
					{},
					make('b', { class: 'mono' }, program.program),
					make(
						'span',
						{ class: 'muted' },
						program.change === 'lost' ? ' fails now' : ' failed before'
					)
				),
				findingsList(program.findings)
			)
		),
	].flat();
}

/* One outcome among the kernels of a cell. */
function outcomeCard(outcome, list) {
	const change = list.find(kernel => kernel.changed);
	if (outcome === null)
		return make(
			'div',
			{ class: 'card' },
			stateLabel(OUTCOMES[0]),
			change ? changeItem(change.changed, change.changed.programs) : null
		);
	const fact = doc.outcomes[outcome],
		state = OUTCOMES[stateIndex[fact.state]];
	const same = kernels.filter(kernel => kernel.outcome === outcome);
	return make(
		'div',
		{ class: 'card' },
		make(
			'p',
			{},
			stateLabel(state),
			make(
				'span',
				{ class: 'muted' },
				` · outcome ${outcome + 1} · ${count(list.length, 'kernel')} here`
			)
		),
		/* What fails now is listed anyway. */
		change
			? changeItem(
					change.changed,
					change.changed.programs.filter(program => program.change === 'won')
				)
			: null,
		programsOf(fact),
		make(
			'details',
			{ open: list.length <= 12 },
			make('summary', {}, `Releases here (${number.format(list.length)})`),
			make('p', { class: 'mono kernels' }, list.map(kernel => kernel.release).join(', '))
		),
		same.length > list.length
			? make(
					'details',
					{},
					make('summary', {}, `Same outcome: ${count(same.length, 'kernel')}`),
					kernelGroups(same),
					make(
						'p',
						{},
						make(
							'button',
							{ type: 'button', class: 'quiet', onclick: () => onlyOutcome(outcome) },
							'Show only these'
						)
					)
				)
			: null
	);
}

function hint() {
	return [
		make('h3', { id: 'details-heading' }, 'Details'),
		make(
			'p',
			{ class: 'muted' },
			'A cell tells which programs and fields decide there, and which kernels share the outcome.'
		),
		make(
			'p',
			{ class: 'small' },
			statesNow()
				.filter((state, i) => i || byChange || kernels.some(kernel => kernel.state === 0))
				.map(state => [stateLabel(state), make('br')])
		),
	];
}

function select(r, c, withFocus) {
	const row = rows[r],
		column = columns[c],
		cell = row && row.cells.get(column);
	if (!cell) return;
	active = { row: r, column: c };
	selected = { row: row.key, column };
	const outcomes = new Map();
	for (const kernel of cell.kernels)
		outcomes.set(kernel.outcome, [...(outcomes.get(kernel.outcome) || []), kernel]);
	const order = [...outcomes].sort(
		(a, b) => stateOf(b[1][0]) - stateOf(a[1][0]) || b[1].length - a[1].length
	);
	$('details').replaceChildren(
		make('h3', { id: 'details-heading', tabindex: -1 }, `${rowName(row)}, ${column}`),
		make(
			'p',
			{ class: 'muted' },
			`${count(cell.kernels.length, 'kernel')}, ${count(outcomes.size, 'outcome')}`
		),
		...order.map(([outcome, list]) => outcomeCard(outcome, list))
	);
	$('details').scrollTop = 0;
	drawRows(true);
	if (withFocus) $('details-heading').focus();
}
