# SPDX-License-Identifier: BSD-2-Clause
# A browser for tests: `load browser`; repo and B are set.  tests/browser drives it with
# playwright-core, whose version and hash package-lock.json pins.

# Succeeds with nothing printed where there is one, and sets BROWSER_MODULES; else says what is
# missing and fails.
browser_missing() {
	export CHROMIUM=${CHROMIUM:-/usr/bin/chromium} BROWSER_MODULES=$B/tests/browser
	[ -x "$CHROMIUM" ] || { echo "chromium is not installed"; return 1; }
	command -v npm >/dev/null || { echo "npm is not installed"; return 1; }
	mkdir -p "$BROWSER_MODULES"
	if ! timeout 60 "$CHROMIUM" --headless --no-sandbox --disable-dev-shm-usage --disable-gpu \
		--user-data-dir="$BROWSER_MODULES/profile" --dump-dom about:blank \
		>/dev/null 2>"$BROWSER_MODULES/said"; then
		echo "chromium does not run here: $(tail -n 1 "$BROWSER_MODULES/said")"
		return 1
	fi
	cmp -s "$repo/tests/browser/package-lock.json" "$BROWSER_MODULES/installed" && return
	cp "$repo"/tests/browser/package*.json "$BROWSER_MODULES"
	if ! (cd "$BROWSER_MODULES" && npm ci --ignore-scripts --no-audit --no-fund) >&2; then
		echo "npm cannot fetch playwright-core"
		return 1
	fi
	cp "$BROWSER_MODULES/package-lock.json" "$BROWSER_MODULES/installed"
}
