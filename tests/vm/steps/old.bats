#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge
@test "old: x" {
	status_is install 0
}
