/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays of arrays, which pahole writes as one long array and clang as they are. */
struct mem_cgroup_per_node {
	long before;
	unsigned long lru_zone_size[6][7];
};
typedef struct cpumask { unsigned long bits[128]; } cpumask_var_t[2];

struct mem_cgroup_per_node node;
cpumask_var_t mask;
