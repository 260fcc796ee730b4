/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands around the map. */

/* A table with a head of these titles. */
function table(titles, rows) {
	return make(
		'table',
		{},
		make(
			'thead',
			{},
			make(
				'tr',
				{},
				titles.map(title => make('th', { scope: 'col' }, title))
			)
		),
		make('tbody', {}, rows)
	);
}

function drawTiles() {
	const s = doc.summary,
		tiles = [[s.kernels, 'kernels', null]];
	for (const state of OUTCOMES.slice(1).reverse()) tiles.push([s[state.key], state.label, state]);
	tiles.push([
		doc.outcomes.length,
		doc.outcomes.length === 1 ? 'outcome' : 'different outcomes',
		null,
	]);
	if (doc.since)
		for (const key of ['lost', 'won'])
			tiles.push([
				doc.since.summary[key],
				`${key} since ${doc.since.version}`,
				CHANGES[changeIndex[key]],
			]);
	if (doc.inventory) {
		const hosts = doc.inventory.summary;
		tiles.push([
			hosts.kernel_btf + hosts.shipped_btf + hosts.no_btf_needed,
			`of ${count(hosts.hosts, 'host')} ready`,
			null,
		]);
	}
	$('tiles').replaceChildren(
		...tiles.map(([value, label, state]) =>
			make(
				'div',
				{ class: 'tile' },
				make('b', {}, number.format(value)),
				make(
					'span',
					state ? { class: state.look } : {},
					state
						? make('span', { class: 'mark', 'aria-hidden': 'true' }, state.mark)
						: null,
					label
				)
			)
		)
	);
	const bar = make('div', { class: 'bar', 'aria-hidden': 'true' });
	for (const state of OUTCOMES.slice(1)) {
		const part = make('i', { class: state.look });
		part.style.flexGrow = s[state.key];
		if (s[state.key]) bar.append(part);
	}
	$('tiles').after(bar);
}

function drawOutcomes() {
	$('outcomes').className = 'list';
	$('outcomes').replaceChildren(
		...doc.outcomes.map((outcome, i) => {
			const state = OUTCOMES[stateIndex[outcome.state]];
			const bad = outcome.programs
				.filter(program => program.state === 'fails')
				.map(program => program.program);
			const summary = bad.length
				? `fails: ${bad.slice(0, 3).join(', ')}${bad.length > 3 ? ` and ${bad.length - 3} more` : ''}`
				: outcome.programs.length
					? `${count(outcome.programs.length, 'program')} with fallbacks`
					: 'nothing is missing';
			const details = make(
				'details',
				{},
				make(
					'summary',
					{},
					stateLabel(state),
					make('b', {}, `outcome ${i + 1}`),
					make('span', {}, count(outcome.kernels, 'kernel')),
					make('span', { class: 'muted' }, summary)
				)
			);
			/* What nobody opened is not made. */
			details.addEventListener('toggle', () => {
				if (details.open && details.childElementCount === 1)
					details.append(
						make(
							'p',
							{ class: 'actions' },
							make(
								'button',
								{ type: 'button', class: 'quiet', onclick: () => onlyOutcome(i) },
								'Show only these in the map'
							)
						),
						...programsOf(outcome),
						kernelGroups(kernels.filter(kernel => kernel.outcome === i))
					);
			});
			return details;
		})
	);
}

function drawChanges() {
	if (!doc.since) return;
	const s = doc.since.summary;
	$('changes-section').hidden = false;
	$('changes-heading').textContent = `Since ${doc.since.application} ${doc.since.version}`;
	$('changes').className = 'list';
	$('changes').replaceChildren(
		make(
			'p',
			{ class: 'muted' },
			`${count(s.lost, 'kernel')} lost, ${number.format(s.won)} won, ` +
				`${number.format(s.changed)} changed, ${number.format(s.unchanged)} unchanged.`
		),
		...doc.since.changes.map(change =>
			make(
				'details',
				{ open: change.change === 'lost' },
				make(
					'summary',
					{},
					stateLabel(CHANGES[changeIndex[change.change]]),
					make('span', {}, count(change.kernels.length, 'kernel')),
					make(
						'span',
						{ class: 'muted' },
						change.programs.map(program => program.program).join(', ')
					)
				),
				changeItem(change, change.programs),
				kernelGroups(change.kernels.map(index => kernels[index]))
			)
		)
	);
}

function drawHosts() {
	if (!doc.inventory) return;
	const { groups, hosts } = doc.inventory;
	$('hosts-section').hidden = false;
	$('hosts').className = 'list';
	$('hosts').replaceChildren(
		...groups.map(group => {
			const [look, mark, label] = GROUPS[group.group];
			return make(
				'details',
				{ open: groups.length <= 6 },
				make(
					'summary',
					{},
					stateLabel({ look, mark, label }),
					make('b', {}, count(group.hosts.length, 'host')),
					make('span', { class: 'muted' }, group.reason)
				),
				make(
					'ul',
					{ class: 'commands' },
					group.commands.map(command =>
						make(
							'li',
							{},
							`${command.what}:`,
							make('code', { tabindex: 0 }, command.command)
						)
					)
				),
				make(
					'details',
					{ open: group.hosts.length <= 10 },
					make('summary', {}, 'Hosts'),
					make(
						'div',
						{ class: 'scroll' },
						table(
							['host', 'distribution', 'architecture', 'release'],
							group.hosts
								.slice(0, 500)
								.map(index => hosts[index])
								.map(host =>
									make(
										'tr',
										{},
										make('th', { scope: 'row' }, host.name),
										make('td', {}, `${host.distro} ${host.version_id}`),
										make('td', {}, host.arch),
										make('td', { class: 'mono' }, host.release)
									)
								)
						),
						group.hosts.length > 500
							? make(
									'p',
									{ class: 'muted' },
									`and ${count(group.hosts.length - 500, 'host')} more: --json has them all`
								)
							: null
					)
				)
			);
		})
	);
}

function drawObjects() {
	const needy = doc.objects.flatMap(object =>
		object.programs.filter(program => program.kernel_btf).map(program => ({ object, program }))
	);
	$('objects-section').hidden = needy.length === 0;
	$('objects').append(
		make(
			'div',
			{ class: 'scroll' },
			table(
				['program', 'object', 'needs it for', 'elsewhere'],
				needy.map(({ object, program }) =>
					make(
						'tr',
						{},
						make('th', { scope: 'row', class: 'mono' }, program.name),
						make('td', {}, object.name),
						make('td', {}, program.kernel_btf),
						make(
							'td',
							{},
							program.alternative
								? `${program.alternative} stands in`
								: program.optional
									? 'left out'
									: 'does not run'
						)
					)
				)
			)
		)
	);
}
