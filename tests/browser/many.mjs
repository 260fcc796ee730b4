// SPDX-License-Identifier: BSD-2-Clause
// Puts a made-up document of many kernels in place of a page's own: many.mjs PAGE COUNT >OUT
import { readFileSync } from 'node:fs';

const [page, wanted] = process.argv.slice(2);

const PLACES = [
	[
		'ubuntu',
		['16.04', '18.04', '20.04', '22.04', '24.04'],
		['x86_64', 'arm64'],
		['generic', 'aws', 'azure', 'gcp', 'oracle', 'kvm'],
		['4.4', '4.15', '5.0', '5.3', '5.4', '5.8', '5.11', '5.15', '6.2', '6.5', '6.8'],
	],
	[
		'debian',
		['10', '11', '12', '13'],
		['x86_64', 'arm64', 'i386'],
		['amd64', 'cloud-amd64', 'rt-amd64'],
		['4.19', '5.10', '6.1', '6.12', '7.3'],
	],
	['centos', ['7', '8'], ['x86_64', 'arm64'], ['el7.x86_64', 'el8.x86_64'], ['3.10', '4.18']],
	['ol', ['7', '8', '9'], ['x86_64', 'arm64'], ['el8uek', 'el8'], ['4.14', '5.4', '5.15']],
	[
		'fedora',
		['33', '34', '35', '36'],
		['x86_64', 'arm64'],
		['fc33'],
		['5.8', '5.11', '5.14', '5.17'],
	],
	['amzn', ['1', '2', '2023'], ['x86_64', 'arm64'], ['amzn2'], ['4.14', '5.4', '5.10', '6.1']],
	[
		'sles',
		['12.5', '15.3', '15.4'],
		['x86_64', 'arm64'],
		['default', 'azure'],
		['4.12', '5.3', '5.14'],
	],
	['rhel', ['7', '8', '9'], ['x86_64', 'arm64'], ['el8', 'rt7'], ['3.10', '4.18', '5.14']],
];
const FIELDS = [
	'struct task_struct.__state',
	'struct task_struct.state',
	'struct bio.bi_bdev',
	'struct mm_struct.rss_stat',
	'struct trace_event_raw_sched_process_exec.filename',
	'struct sock.__sk_common.skc_v6_daddr',
	'enum cgroup_subsys_id::memory_cgrp_id',
];

const finding = (i, result) => ({
	field: FIELDS[i % FIELDS.length],
	asks: result === 'absent' ? 'field exists' : 'byte offset',
	result,
});
const program = (name, state, role, findings) => ({
	object: 0,
	program: name,
	state,
	role,
	findings,
});

function makeOutcomes(count) {
	const outcomes = [];
	for (let i = 0; i < count; i++) {
		const state = i < count / 4 ? 'fails' : i < count - 3 ? 'fallbacks' : 'resolves';
		const programs =
			state === 'resolves'
				? []
				: [
						program(`on_exec_${i % 5}`, state, 'required', [
							finding(i, state === 'fails' ? 'poisoned' : 'absent'),
							finding(i + 1, 'guarded'),
						]),
						program(`on_exit_${i % 7}`, 'fallbacks', 'optional', [
							finding(i + 2, 'absent'),
						]),
					];
		outcomes.push({ state, kernels: 0, programs });
	}
	return outcomes;
}

function makeDocument(count) {
	const outcomes = makeOutcomes(40),
		kernels = [];
	const places = PLACES.flatMap(([distro, versions, arches, flavours, series]) =>
		versions.flatMap((version_id, v) =>
			arches.flatMap(arch =>
				flavours.flatMap(flavour =>
					series
						.filter((_, i) => (i + v) % 2 === 0 || series.length < 4)
						.map(base => ({ distro, version_id, arch, flavour, base }))
				)
			)
		)
	);
	for (let i = 0; i < count; i++) {
		const place = places[i % places.length],
			build = Math.floor(i / places.length);
		const old = Number(place.base.split('.')[0]) < 5;
		const outcome = old && build % 3 === 0 ? i % 10 : 10 + ((i * 7 + build) % 30);
		outcomes[outcome].kernels++;
		kernels.push({
			distro: place.distro,
			version_id: place.version_id,
			arch: place.arch,
			release: `${place.base}.0-${build + 11}-${place.flavour}`,
			build: null,
			outcome,
		});
	}
	const summary = { kernels: count, resolves: 0, fallbacks: 0, fails: 0, not_used: 0 };
	for (const outcome of outcomes) summary[outcome.state] += outcome.kernels;
	return { summary, outcomes, kernels };
}

const html = readFileSync(page, 'utf8');
const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html);
const document = { ...JSON.parse(data), ...makeDocument(Number(wanted)) };
process.stdout.write(html.replace(data, () => JSON.stringify(document).replaceAll('<', '\\u003c')));
